"""Earlier incidents that are like this one, in both languages."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents import likeness, selectors, services
from incidents.choices import State
from incidents.models import Incident, Review
from incidents.reviews import ReviewState
from incidents.selectors import rarity, similar
from people.choices import Role
from tests.catalog.factories import SystemFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

LABELLED = json.loads(Path(__file__).with_name("similar.json").read_text(encoding="utf-8"))
WANTED = 0.8


def library() -> dict[str, str]:
    """The labelled cases: key → reference."""
    now = timezone.now()
    rows = [
        Incident(
            title=case["title"],
            description=case["description"],
            state=State.CLOSED,
            reported_at=now - timedelta(days=number),
            resolved_at=now,
            tracking_token=f"labelled-{number}",
        )
        for number, case in enumerate(LABELLED["cases"])
    ]
    Incident.objects.bulk_create(rows)
    Review.objects.bulk_create(
        Review(
            incident=row,
            title=row.title,
            root_cause=case["root_cause"],
            lessons=case["lessons"],
            state=ReviewState.APPROVED,
            approved_at=now,
        )
        for row, case in zip(rows, LABELLED["cases"], strict=True)
        if case["root_cause"]
    )
    return {case["key"]: str(row.pk) for row, case in zip(rows, LABELLED["cases"], strict=True)}


def test_the_right_case_is_among_the_first_three_for_four_of_five_labelled_reports(capsys):
    keys, reader = library(), responder()
    hits: dict[str, int] = {"en": 0, "zh": 0}
    for report in LABELLED["reports"]:
        found = [str(each.incident.pk) for each in selectors.similar_to_text(report["text"], reader)]
        hits[report["language"]] += keys[report["case"]] in found
    total = {language: sum(each["language"] == language for each in LABELLED["reports"]) for language in hits}
    with capsys.disabled():
        counted = ", ".join(f"{language} {hits[language]} of {total[language]}" for language in hits)
        print(f"\nsimilar cases, the right one among the first three: {counted}")
    assert total == {"en": 20, "zh": 20}
    assert all(hits[language] / total[language] >= WANTED for language in hits), hits


def test_an_incident_shows_earlier_ones_like_it_and_what_they_taught():
    library()
    by = responder()
    incident = reported(description="在家办公连不上VPN，提示证书已经过期")
    found = selectors.similar_to(incident, by)
    assert found[0].incident.title == "在家办公无法连接VPN"
    assert found[0].review is not None
    page = selectors.page_of(incident, by)
    assert [each.incident for each in page.similar] == [each.incident for each in found]


def test_what_concerns_the_same_system_comes_first():
    system = SystemFactory()
    other = reported(description="The export of the sales figures hangs.")
    same = reported(description="The export of the sales figures hangs.", systems=[system])
    now = reported(description="Export of sales figures hangs again", systems=[system])
    assert [each.incident for each in selectors.similar_to(now, responder())] == [same, other]


def test_what_one_may_not_read_and_what_was_none_is_not_offered():
    secret, none = reported(description="Payroll export hangs"), reported(description="Payroll export hangs")
    Incident.objects.filter(pk=secret.pk).update(is_restricted=True)
    services.cancel(incident_id=none.pk, by=responder(), reason="A test.")
    now = reported(description="Payroll export hangs")
    assert selectors.similar_to(now, responder()) == []
    assert [each.incident.pk for each in selectors.similar_to(now, person(Role.AUDITOR))] == [secret.pk]
    assert selectors.similar_to(now, person(Role.REPORTER)) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "the of and", "\x00", "'; DROP TABLE x;--", "\\ & | ! :* <->", "字" * 9000, "\ud800"]
)
def test_any_text_is_harmless(text):
    reported()
    assert isinstance(selectors.similar_to_text(text, responder()), list)


def test_with_very_many_incidents_the_statistics_are_asked_and_the_same_is_found(monkeypatch):
    keys, reader = library(), responder()
    monkeypatch.setattr(rarity, "FEW", 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_incident")
    with CaptureQueriesContext(connection) as queries:
        found = selectors.similar_to_text("VPN certificate expired", reader)
    assert str(found[0].incident.pk) == keys["vpn-cert"]
    assert len(queries) <= 8
    monkeypatch.setattr(similar, "BUDGET", 0)
    found = selectors.similar_to_text("VPN certificate expired", reader)
    assert str(found[0].incident.pk) == keys["vpn-cert"], "where all words are common, among the newest"


def test_endings_do_not_count():
    assert likeness.terms_of("Invoices were invoiced, the invoice") == ["invoic"]
    assert likeness.terms_of("归档系统") == ["归档", "档系", "系统"]
