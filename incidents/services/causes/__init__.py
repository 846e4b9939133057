"""What Holdfast itself finds: one live incident per cause, opened, fed and ended by what really happened."""

from incidents.services.causes.finding import Cause, lock_causes
from incidents.services.causes.opening import open_for_cause
from incidents.services.causes.proving import prove_again

__all__ = ["Cause", "lock_causes", "open_for_cause", "prove_again"]
