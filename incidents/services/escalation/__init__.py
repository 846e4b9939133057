"""Calling people until somebody is on it, and again where nothing is heard any more."""

from incidents.services.escalation.asking import escalate_now, still_on_it
from incidents.services.escalation.beginning import begin_escalation, call_or_tell, follow_severity
from incidents.services.escalation.ending import end_escalation, lower_escalation
from incidents.services.escalation.taking import take_due_steps
from incidents.services.escalation.watching import watch_silence

__all__ = [
    "begin_escalation",
    "call_or_tell",
    "end_escalation",
    "escalate_now",
    "follow_severity",
    "lower_escalation",
    "still_on_it",
    "take_due_steps",
    "watch_silence",
]
