"""Names of the background jobs of this app."""

#: Clocks of incidents that may be near their end, or over.
LOOK_AT_CLOCKS = "incidents.look_at_clocks"

#: Visit one mailbox.
TAKE_MAILS = "incidents.take_mails"

#: Read one mail that is kept.
READ_MAIL = "incidents.read_mail"
#: Write the snapshot of the status page anew.
WRITE_STATUS = "incidents.write_status"
