"""What works in the background: who lives, what runs, what waits, what failed, what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backups.choices import Outcome, RunState
from backups.models import Run, Schedule
from common.health import BEAT, OLDEST_HEARTBEAT
from common.models import Heartbeat, PendingFact
from common.pulse import WORKERS, heartbeat_of
from common.services import SWEEP
from incidents.mail.watch import Watched, mailboxes
from ledger import watch
from notify.choices import WAITING, DeliveryState
from notify.models import Delivery
from people.choices import READING
from people.selectors import Anyone, has_role

#: More of one kind are counted, not listed.
LISTED = 20
FAILED_WITHIN = timedelta(days=7)

#: The signs of life that are expected → what gives them, and how old they may be.
SIGNS: dict[str, tuple[str | Promise, timedelta]] = {
    BEAT: (_("Tick, every 5 seconds"), OLDEST_HEARTBEAT),
    SWEEP: (_("Sweep, every 10 seconds"), OLDEST_HEARTBEAT),
    **{heartbeat_of(worker): (_("Worker"), OLDEST_HEARTBEAT) for worker in WORKERS},
    watch.VERIFIED: (_("The whole ledger computed again, every day"), watch.EVERY + timedelta(hours=1)),
}


@dataclass(frozen=True)
class Sign:
    """One part and when it last gave a sign of life. at: None when it never did."""

    label: str | Promise
    name: str
    at: datetime | None
    is_alive: bool


@dataclass(frozen=True)
class Jobs:
    """The background at one moment."""

    signs: list[Sign]
    running: list[Run]
    waiting: list[Run]
    waiting_count: int
    failed: list[Run]
    facts: list[PendingFact]
    facts_count: int
    deliveries_waiting: int
    deliveries_since: datetime | None
    deliveries_sending: int
    deliveries_dead: int
    mailboxes: list[Watched]
    coming: list[Schedule]

    @property
    def silent(self) -> int:
        """How many parts give no sign of life."""
        return sum(not sign.is_alive for sign in self.signs)


def sees_jobs(user: Anyone) -> bool:
    """Everybody who works, and those who audit."""
    return has_role(user, *READING)


def jobs_at(now: datetime) -> Jobs:
    """The background as it is now. Ten queries, however much there is."""
    runs = Run.objects.select_related("policy").order_by("created_at")
    waiting = runs.filter(state=RunState.QUEUED)
    failed = runs.filter(outcome__in=[Outcome.FAIL, Outcome.ERROR], ended_at__gt=now - FAILED_WITHIN)
    to_send = Q(state__in=WAITING)
    sent = Delivery.objects.aggregate(
        waiting=Count("pk", filter=to_send),
        since=Min("due_at", filter=to_send),
        sending=Count("pk", filter=Q(state=DeliveryState.SENDING)),
        dead=Count("pk", filter=Q(state=DeliveryState.DEAD)),
    )
    coming = Schedule.objects.filter(next_due_at__isnull=False, policy__is_paused=False)
    return Jobs(
        signs=_signs(now),
        running=list(runs.filter(state=RunState.RUNNING)[:LISTED]),
        waiting=list(waiting[:LISTED]),
        waiting_count=waiting.count(),
        failed=list(failed.order_by("-ended_at")[:LISTED]),
        facts=list(PendingFact.objects.order_by("due_at")[:LISTED]),
        facts_count=PendingFact.objects.count(),
        deliveries_waiting=sent["waiting"],
        deliveries_since=sent["since"],
        deliveries_sending=sent["sending"],
        deliveries_dead=sent["dead"],
        mailboxes=mailboxes(now),
        coming=list(coming.select_related("policy").order_by("next_due_at")[:LISTED]),
    )


def _signs(now: datetime) -> list[Sign]:
    seen = dict(Heartbeat.objects.filter(name__in=SIGNS).values_list("name", "at"))
    return [
        Sign(label, name, seen.get(name), name in seen and now - seen[name] <= oldest)
        for name, (label, oldest) in SIGNS.items()
    ]
