"""Clocks of incidents: how long until somebody takes it over, tells how it stands, and has it working again."""
