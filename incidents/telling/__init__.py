"""Telling people: reporters, stakeholders, everybody, and authorities."""
