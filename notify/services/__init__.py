"""Every change of messages, deliveries, reminders, channels and texts."""

from notify.services.bouncing import note_bounced
from notify.services.calling_off import call_off_everything, call_off_expired
from notify.services.climbing import hand_out_reminders, remind_due
from notify.services.duties import foresee_gaps, tell_hand_overs
from notify.services.foreseeing import follow_document, follow_review, foresee, send_head
from notify.services.forgetting import forget_old, forget_person
from notify.services.handing import as_sent
from notify.services.keeping import NewChannel, add_channel, change_channel, exchange_secret
from notify.services.reading import mark_all_read, mark_read
from notify.services.reminding import cancel_reminders, remind
from notify.services.resting import MOST_LOSSES
from notify.services.righting import count_anew
from notify.services.sending import hand_out, retry, send_due, take_back
from notify.services.subscribing import change_subscription, subscribe, unsubscribe
from notify.services.telling import cancel, tell, tell_address, tell_addresses, tell_contact
from notify.services.trying import try_channel
from notify.services.wording import add_template, change_template, preview, remove_template
from notify.services.writing import Outside

__all__ = [
    "MOST_LOSSES",
    "NewChannel",
    "Outside",
    "add_channel",
    "add_template",
    "as_sent",
    "call_off_everything",
    "call_off_expired",
    "cancel",
    "cancel_reminders",
    "change_channel",
    "change_subscription",
    "change_template",
    "count_anew",
    "exchange_secret",
    "follow_document",
    "follow_review",
    "foresee",
    "foresee_gaps",
    "forget_old",
    "forget_person",
    "hand_out",
    "hand_out_reminders",
    "mark_all_read",
    "mark_read",
    "note_bounced",
    "preview",
    "remind",
    "remind_due",
    "remove_template",
    "retry",
    "send_due",
    "send_head",
    "subscribe",
    "take_back",
    "tell",
    "tell_address",
    "tell_addresses",
    "tell_contact",
    "tell_hand_overs",
    "try_channel",
    "unsubscribe",
]
