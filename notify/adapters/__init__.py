"""How the outside world takes messages."""
