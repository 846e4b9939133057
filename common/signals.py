"""The two beats of the product. Argument of both: now (aware UTC).

Receivers claim rows that are due, so several beats at once are harmless.
"""

from django.dispatch import Signal

#: Every 5 s: what falls due at a time.
tick = Signal()
#: Every 10 s: what somebody dropped (leases run out, announcements and messages not delivered).
sweep = Signal()
