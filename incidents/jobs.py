"""Names of the background jobs of this app."""

#: Clocks of incidents that may be near their end, or over.
LOOK_AT_CLOCKS = "incidents.look_at_clocks"
