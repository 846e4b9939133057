"""Names of the background jobs of this app."""

#: Compute the whole ledger again, once a day.
VERIFY = "ledger.verify"
