"""The catalog as programs see it."""
