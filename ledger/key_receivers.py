"""What is written down when the keys of secrets change."""

from common.key_signals import KEY_RETIRED, KEYS_ROTATED, KEYS_SAVED
from common.models import SealingKey
from ledger.services import record

ACTOR = "system:keys"


@KEYS_ROTATED.receiver("ledger.record_rotation")
def record_rotation(*, key_id: str, values: int) -> None:
    """Secrets are sealed with another key now."""
    record(verb="secrets.rotated", subject=SealingKey(key_id=key_id), actor=ACTOR, data={"values": values})


@KEY_RETIRED.receiver("ledger.record_retirement")
def record_retirement(*, key_id: str, newest: str) -> None:
    """A key is not here any more."""
    record(verb="secrets.key_retired", subject=SealingKey(key_id=key_id), actor=ACTOR, data={"newest": newest})


@KEYS_SAVED.receiver("ledger.record_saving")
def record_saving(*, key_id: str) -> None:
    """Somebody said that a copy of the key lies outside."""
    record(verb="secrets.key_saved_outside", subject=SealingKey(key_id=key_id), actor=ACTOR)
