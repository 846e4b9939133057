"""Requests to addresses that people entered: checked, pinned, bounded, and never redirected.

A name is resolved once, every address of it is checked, and the connection goes to an address that was
checked: who changes the name's answer in between reaches nothing else. TLS is checked against the name.
Libraries that send by `requests` do so through `common.outgoing.sessions`.
"""

from common.outgoing.addresses import AddressRefused, Target, check_address, checked, read_target
from common.outgoing.answers import Answer, NoAnswer, Why, no_answer
from common.outgoing.lines import Deadline, connect, secured, trusted
from common.outgoing.posting import DEADLINE_SECONDS, MOST_ANSWER_BYTES, post

__all__ = [
    "DEADLINE_SECONDS",
    "MOST_ANSWER_BYTES",
    "AddressRefused",
    "Answer",
    "Deadline",
    "NoAnswer",
    "Target",
    "Why",
    "check_address",
    "checked",
    "connect",
    "no_answer",
    "post",
    "read_target",
    "secured",
    "trusted",
]
