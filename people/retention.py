"""What is kept of signing in, and for how long. The ledger has entries of its own."""

from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings

from common.retention import batch, forgets


@forgets("sign-ins")
def sign_ins(now: datetime) -> int:
    """What the lock-out counted: names and addresses."""
    before = now - settings.ATTEMPTS_KEPT
    return max(
        batch(model.objects.filter(attempt_time__lt=before)) for model in (AccessAttempt, AccessLog, AccessFailureLog)
    )
