"""What the first page says: the answer in one sentence, and what stands behind it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backups.choices import CopyState, Isolation, Outcome, RunKind, RunState
from backups.models import Copy, Run, Schedule
from backups.selectors import stands, with_later
from catalog.choices import Criticality, Proof
from catalog.selectors import ServiceReadiness, readiness
from common import own_names
from incidents.choices import LIVE, Source
from incidents.models import Incident
from incidents.selectors import visible_to
from people.choices import Role
from people.selectors import Anyone, has_role

#: How many things that come next are listed.
NEXT_SHOWN = 6
#: The most needed first.
CRITICALITIES = Criticality.values
#: Between the segments of the bar, in per cent of its width.
GAP = 0.35


@dataclass(frozen=True)
class Segment:
    """One service in the bar over all of them, as SVG lengths."""

    proof: Proof
    x: str
    width: str


@dataclass(frozen=True)
class Doubt:
    """What speaks against a proof that still counts: a sentence, and where it stands."""

    sentence: str
    reference: str
    url: str


@dataclass(frozen=True)
class Overview:
    """The answer of the first page, computed when it is asked for and never stored."""

    services: list[ServiceReadiness]
    failing: list[Run]
    coming: list[Schedule]
    is_mail_missing: bool
    unisolated: Run | None
    doubt: Doubt | None = None

    @property
    def proven(self) -> int:
        return self._count(Proof.PROVEN)

    @property
    def stale(self) -> int:
        return self._count(Proof.STALE)

    @property
    def unproven(self) -> int:
        return self._count(Proof.UNPROVEN)

    @property
    def answer(self) -> str:
        """Would we survive? One sentence."""
        total, proven = len(self.services), self.proven
        if not total:
            return _("No service is named yet, so nothing can be proven.")
        if proven == total:
            return ngettext(
                "The one service is proven to come back in time.",
                "All %(total)s services are proven to come back in time.",
                total,
            ) % {"total": total}
        if not proven:
            return ngettext(
                "The one service is not proven to come back in time.",
                "None of %(total)s services is proven to come back in time.",
                total,
            ) % {"total": total}
        return ngettext(
            "%(proven)s of %(total)s services is proven to come back in time.",
            "%(proven)s of %(total)s services are proven to come back in time.",
            proven,
        ) % {"proven": proven, "total": total}

    @property
    def worst(self) -> str:
        """The service that most needs somebody, where others are proven. Empty when all are, or none is."""
        missing = [found.service for found in self.services if found.verdict.proof == Proof.UNPROVEN]
        if not missing or not self.proven:
            return ""
        most_needed = min(missing, key=lambda service: CRITICALITIES.index(service.criticality))
        return _("%(name)s is not.") % {"name": own_names.shown(most_needed.name)}

    @property
    def more(self) -> list[str]:
        """What is missing for a full yes, a sentence each."""
        said = []
        if self.stale:
            said.append(ngettext("%(count)s proof is stale.", "%(count)s proofs are stale.", self.stale))
            said[-1] %= {"count": self.stale}
        if self.unproven:
            text = ngettext(
                "%(count)s service has no passing proof.", "%(count)s services have no passing proof.", self.unproven
            )
            said.append(text % {"count": self.unproven})
        return said

    @property
    def bar(self) -> list[Segment]:
        """A segment for each service, proven ones first."""
        order = [Proof.PROVEN, Proof.STALE, Proof.UNPROVEN]
        proofs = sorted((found.verdict.proof for found in self.services), key=order.index)
        step = 100 / len(proofs) if proofs else 0
        width = f"{max(step - GAP, 0.1):.2f}%"
        return [Segment(proof, f"{at * step:.2f}%", width) for at, proof in enumerate(proofs)]

    def _count(self, proof: Proof) -> int:
        return Counter(found.verdict.proof for found in self.services)[proof]


def overview_for(user: Anyone, now: datetime) -> Overview:
    """The first page of everybody who may see the catalog. Ten queries, however much there is."""
    last, services = _last_runs(), readiness(user, now=now)
    return Overview(
        services=services,
        doubt=_doubt(user, services, last),
        failing=[run for run in last if stands(run)],
        coming=list(
            Schedule.objects.filter(next_due_at__isnull=False, policy__is_paused=False)
            .select_related("policy")
            .order_by("next_due_at")[:NEXT_SHOWN]
        ),
        is_mail_missing=not settings.EMAIL_CONFIGURED and has_role(user, Role.ADMINISTRATOR),
        unisolated=next((run for run in last if run.isolation == Isolation.NONE), None),
    )


def _doubt(user: Anyone, services: list[ServiceReadiness], last: list[Run]) -> Doubt | None:
    """What failed since about a service that counts as proven: its newest check, or what Holdfast found and is open."""
    proven = [found for found in services if found.verdict.proof == Proof.PROVEN]
    systems = {part.system.pk for found in proven for part in found.systems}
    failed = next(
        (
            run
            for run in last
            if run.kind == RunKind.CHECK
            and run.outcome == Outcome.FAIL
            and stands(run)
            and run.policy.system_id in systems
        ),
        None,
    )
    live = visible_to(user).filter(state__in=LIVE, source=Source.ALERT)
    mine = {failed.policy.system_id} if failed else systems
    incident = Incident.objects.filter(pk__in=live.filter(systems__in=mine).values("pk")).order_by("severity", "number")
    found = incident.first()
    if failed:
        return Doubt(_unheld(failed), *_place(found or failed))
    return Doubt(_("But Holdfast found a failure that is not over:"), *_place(found)) if found else None


def _unheld(check: Run) -> str:
    """Which copy did not hold: the newest that is kept, or one before it."""
    newest = Copy.objects.filter(policy=check.policy, state=CopyState.KEPT).order_by("-taken_at").first()
    if check.copy_id is None or newest is None or check.copy_id == newest.pk:
        return _("But the newest copy of %(name)s did not pass its check:") % {"name": check.policy.name}
    return _("But an older copy of %(name)s did not pass its check, and no newer one was tried as far since:") % {
        "name": check.policy.name
    }


def _place(subject: Incident | Run) -> tuple[str, str]:
    name = "incident" if isinstance(subject, Incident) else "run"
    return subject.reference, reverse(name, args=[subject.reference])


def _last_runs() -> list[Run]:
    """The newest ended run of each policy and kind, the latest first; each with whether it is over."""
    newest = (
        with_later(Run.objects.filter(state=RunState.ENDED, kind__in=RunKind.values))
        .order_by("policy_id", "kind", "-ended_at")
        .distinct("policy_id", "kind")
        .select_related("policy")
    )
    return sorted(newest, key=lambda run: run.ended_at or run.created_at, reverse=True)
