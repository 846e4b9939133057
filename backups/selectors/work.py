"""What waits for a person in backups."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backups.choices import OPEN, CopyState, RunKind
from backups.models import BackupPolicy, Copy, Run
from backups.selectors.runs import GOOD
from backups.selectors.seeing import may_run, visible_to
from common import own_names
from common.work import MOST, WorkItem
from people.choices import Role
from people.selectors import Anyone, has_role, working_for

#: So long before its proof is too old, a policy asks for the next restore test.
AHEAD = timedelta(days=7)


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """Policies of the user whose copies were never restored, or not for long; for administrators also nobody's."""
    if not may_run(user):
        return []
    people = working_for(user, now)
    whose = Q(owner__in=people) | (Q(owner=None) if has_role(user, Role.ADMINISTRATOR) else Q())
    policies = _unproven(visible_to(user, BackupPolicy).filter(whose), now)
    return [
        WorkItem(
            kind="backups.test_restore",
            title=_("Prove it by a restore test"),
            about=own_names.shown(policy.name),
            url=policy.get_absolute_url(),
            since=policy.restored_at or policy.created_at,
            due_at=policy.restored_at + settings.PROOF_MAX_AGE if policy.restored_at else None,
            state_word=_("restored last") if policy.restored_at else _("never restored"),
            action=_("Test now"),
            action_url=reverse("start_run", args=[policy.slug]),
            fields=(("kind", RunKind.RESTORE_TEST.value),),
            acting_for=people.get(policy.owner_id, "") if policy.owner_id else "",
        )
        for policy in policies.order_by("restored_at", "name")[:MOST]
    ]


def _unproven(policies: QuerySet[BackupPolicy], now: datetime) -> QuerySet[Any]:
    """Those that could be restored, are not being restored, and were not proven lately. Each has `restored_at`."""
    tests = Run.objects.filter(policy=OuterRef("pk"), kind=RunKind.RESTORE_TEST)
    newest = tests.filter(outcome__in=GOOD).order_by("-created_at").values("ended_at")[:1]
    return (
        policies.filter(Exists(Copy.objects.filter(policy=OuterRef("pk"), state=CopyState.KEPT)), is_paused=False)
        .exclude(Exists(tests.filter(state__in=OPEN)))
        .annotate(restored_at=Subquery(newest))
        .filter(Q(restored_at=None) | Q(restored_at__lt=now - settings.PROOF_MAX_AGE + AHEAD))
    )
