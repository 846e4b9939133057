"""Valid actions with the fewest facts."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from actions import services
from actions.choices import Kind, ProofKind
from actions.links import About, Proof
from actions.models import Action
from people.models import User

BY = "system:tests"
SYSTEM = About("catalog.system:11111111-1111-1111-1111-111111111111", "Archive")


def in_days(days: int) -> date:
    """A day from today on."""
    return timezone.now().date() + timedelta(days=days)


def opened(owner: User, **details: Any) -> Action:
    """An action that a second person verifies, due in ten days."""
    given = {"title": "Label the tapes", "kind": Kind.OTHER, "due_on": in_days(10), "by": BY} | details
    return services.open_action(owner=owner, **given)


def passed_test(**details: Any) -> Proof:
    """A restore test that began and ended a minute from now."""
    at = timezone.now() + timedelta(minutes=1)
    given = {"kind": ProofKind.RESTORE_TEST, "reference": "RT-0107", "url": "/backups/runs/RT-0107/", "at": at}
    return Proof(**(given | {"began_at": at} | details))
