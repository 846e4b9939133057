"""The demo organisation: invented people and services, and small real sources that are really saved and restored."""
