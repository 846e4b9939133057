"""Libraries that make what leaves the house."""
