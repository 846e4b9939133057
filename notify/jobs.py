"""Names of the background jobs of this app."""

from notify.choices import Urgency

SEND = "notify.send"

#: Urgent messages take the queue that is kept free for them.
QUEUE_OF = {Urgency.NORMAL: "default", Urgency.URGENT: "page"}
