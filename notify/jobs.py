"""Names of the background jobs of this app."""

from notify.choices import Urgency

#: One delivery, as soon as its cause is committed.
SEND = "notify.send"
#: All that is due, for a while: what failed before, and what the queue lost.
SEND_DUE = "notify.send_due"

#: Urgent messages take the queue that is kept free for them.
QUEUE_OF = {Urgency.NORMAL: "default", Urgency.URGENT: "page"}
