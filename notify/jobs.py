"""Names of the background jobs of this app."""

from notify.choices import Urgency

#: All that is due of one urgency, for a while.
SEND_DUE = "notify.send_due"

#: Every rung of a reminder that is due.
REMIND_DUE = "notify.remind_due"

#: Urgent messages take the queue that is kept free for them.
QUEUE_OF = {Urgency.NORMAL: "default", Urgency.URGENT: "page"}
