"""What people were told, and what waits to be told: named Zulu, as everything in the world."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from incidents import services
from incidents.models import AuthorityReport, Incident, Stakeholder, StatusSubscriber, Update
from incidents.services import Words
from people.choices import Role
from people.models import User
from tests.support.people import person


@dataclass
class Telling:
    """Rows of updates, the status page and reports to authorities."""

    update: Update
    waiting: Update
    stakeholder: Stakeholder
    watcher: StatusSubscriber
    authority_row: Any
    reports: dict[str, AuthorityReport]


def make_telling(ana: User, plain: Incident, active: Incident, held: Incident) -> Telling:
    """Published of `held`; waiting for approval for `active`; reports of `plain` in every state."""
    services.set_up_status_page(by="system:tests", audience="staff")
    services.list_service(by="system:tests", names={"en": ("Zulu public service", "")})
    words = {"en": Words("Zulu published words", "Zulu public title")}
    services.post_update(
        incident_id=held.pk, by=ana, audience="public", public_state="investigating", texts=words, effects={}
    )
    services.set_up_status_page(by="system:tests", needs_second_person=True)
    waiting = services.post_update(
        incident_id=active.pk, by=ana, audience="public", public_state="investigating", texts=words
    )
    update = services.post_update(
        incident_id=active.pk, by=ana, audience="stakeholders", texts={"en": Words("Zulu told words")}
    )
    other = person(Role.RESPONDER, username="zulu-writer", name="Zulu Writer")
    reports = {state: _report(plain, state, ana, other) for state in ("due", "drafted", "approved", "not_needed")}
    return Telling(
        update=update,
        waiting=waiting,
        stakeholder=services.name_stakeholder(incident_id=plain.pk, by=ana, person=other),
        watcher=StatusSubscriber.objects.create(address="zulu.watcher@example.org", language="en"),
        authority_row=services.keep_authority(by="system:tests", name="Zulu new authority", **_rules()),
        reports=reports,
    )


def _rules() -> dict[str, Any]:
    return {"deadline": timedelta(hours=24), "template": "{number}", "language": "en", "email": "zulu@example.org"}


def _report(incident: Incident, state: str, ana: User, other: User) -> AuthorityReport:
    authority = services.keep_authority(by="system:tests", name=f"Zulu authority {state}", **_rules())
    report = services.require_report(incident_id=incident.pk, authority_id=authority.pk, by=ana)
    if state == "not_needed":
        return services.waive_report(report_id=report.pk, by=ana, reason="x")
    if state in ("drafted", "approved"):
        report = services.draft_report(report_id=report.pk, by=ana)
    if state == "approved":
        report = services.approve_report(report_id=report.pk, by=other)
    return report
