"""Finding anything: what is found, by whom, and that no words at all break it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from common.search import LONGEST, MOST, Hit, Wanted, found
from incidents.models import Incident
from notify.models import Message
from people.choices import Role
from readiness.finding import KINDS, find
from runbooks import services as runbooks
from tests.backups import rows
from tests.catalog.factories import ServiceFactory
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db


def incident(title: str, **fields: object) -> Incident:
    number = Incident.objects.count()
    return Incident.objects.create(title=title, reported_as=title, tracking_token=f"token-{number}", **fields)


def titles(text: str) -> list[str]:
    return [one.title for one in found(Incident.objects.all(), Wanted.of(text), names="title", is_many=True)]


@pytest.fixture
def responder():
    return person(Role.RESPONDER, name="Zhou Quinn")  # no figures, which words of figures might resemble


@pytest.mark.parametrize(
    "text", ["发票", "票", "丢失", "供应商发票", "archive", "ARCH", "发票 archive", "ａｒｃｈｉｖｅ", "E-4711"]
)
def test_words_beginnings_of_words_and_two_chinese_characters_find(text):
    incident("供应商发票丢失", description="Not in the archive", error_code="E-4711")
    incident("Mail is down")

    assert titles(text) == ["供应商发票丢失"]


@pytest.mark.parametrize("text", ["票发", "发失", "rchive", "archive zulu"])
def test_what_is_not_there_as_written_is_not_found(text):
    incident("供应商发票丢失", description="Not in the archive")
    incident("Mail is down")

    assert titles(text) == []


def test_misspelt_words_find_what_is_like_them():
    incident("Invoices are missing")
    incident("Mail is down")

    assert titles("invocies") == ["Invoices are missing"]


def test_a_word_of_old_rows_only_is_found_behind_many_newer_ones(monkeypatch):
    monkeypatch.setattr("common.search.NEWEST", 3)
    incident("Kestrel is down")
    for _ in range(5):
        incident("Mail is down")

    assert titles("kestrel") == ["Kestrel is down"]
    assert len(titles("down")) == 6


def test_a_title_comes_before_a_description():
    incident("Printer is slow", description="the archive too")
    incident("The archive is slow")

    assert titles("archive") == ["The archive is slow", "Printer is slow"]


def test_the_database_keeps_what_is_found_up_to_date():
    one = incident("Mail is down")
    Incident.objects.filter(pk=one.pk).update(title="Telephone is down")

    assert titles("mail") == []
    assert titles("telephone") == ["Telephone is down"]


HOSTILE = [
    "", " ", "\0", "a\0b", "' & | ! :* <-> (", "a" * 10_000, "发" * 10_000, "'; DROP TABLE x; --", "\ud800", "%", "\\",
    "🔥", "\u202e", "<script>", "1" * 400, "INC-99999999999999999999", "a " * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_harmless(text, responder):
    incident("Mail is down")

    assert find(text, responder).count == 0


def test_very_long_words_are_cut():
    assert len(Wanted.of("word" * 1000).text) <= LONGEST


def test_a_text_of_every_chinese_character_can_be_stored():
    every = "".join(chr(0x4E00 + at) for at in range(9_900))

    incident("x" * 160, description=every, steps_tried=every[:4000])

    assert Incident.objects.count() == 1


def test_every_room_is_searched_and_every_kind_has_a_heading(responder):
    incident("Zulu incident")
    ServiceFactory(name="Zulu service")
    rows.policy("zulu-policy")
    person(Role.REPORTER, name="Zulu Mei")
    plan = runbooks.create_plan(reference="Z-1", by="system:tests")
    version = runbooks.draft_version(plan_id=plan.pk, by="system:tests")
    runbooks.write_text(version_id=version.pk, language="en", title="Zulu plan", text="x", by="system:tests")

    kinds = {group.kind for group in find("zulu", responder).groups}

    assert kinds >= {"incident", "service", "policy", "person", "plan"}
    assert kinds <= KINDS.keys()


def test_a_reporter_finds_only_what_a_reporter_sees():
    reporter = person(Role.REPORTER)
    incident("Zulu of another")
    incident("Zulu of mine", reporter=reporter)
    ServiceFactory(name="Zulu service")

    shown = [hit.title for group in find("zulu", reporter).groups for hit in group.hits]

    assert shown == ["Zulu of mine"]


def test_whoever_joined_finds_the_public_title_and_never_the_words_of_the_report():
    reporter = person(Role.REPORTER)
    joined = incident("Zulu secret", description="kilo", public_title="Lima is slow")
    joined.followers.add(reporter)

    assert [hit.title for group in find("lima", reporter).groups for hit in group.hits] == ["Lima is slow"]
    assert find("kilo", reporter).count == find("zulu", reporter).count == 0


def test_restricted_incidents_are_not_found_by_those_without_a_part(responder):
    incident("Zulu restricted", is_restricted=True)

    assert find("zulu", responder).count == 0
    assert find("zulu", person(Role.AUDITOR)).count == 1


def test_nobody_finds_the_messages_of_another(responder):
    other = person(Role.RESPONDER)
    Message.objects.create(
        to=other, kind="k", about_type="t", about_id="1", about_label="l", language="en", subject="Zulu", body="b",
        dedupe_key="one",
    )  # fmt: skip

    assert find("zulu", responder).count == 0
    assert find("zulu", other).count == 1


@pytest.mark.parametrize("typed", ["{0}", "inc {1}", "INC{1}", " inc-{1} "])
def test_a_reference_leads_straight_to_its_page(typed):
    one = incident("Mail is down")
    text = typed.format(one.reference, one.number)

    answer = signed_in(Role.RESPONDER).get("/search/", {"q": text})

    assert (answer.status_code, answer.url) == (302, one.get_absolute_url())


@pytest.mark.parametrize("typed", ["Z-007", "z 7", "z7", "Z-0007"])
def test_a_plan_is_found_however_its_reference_is_written(typed):
    runbooks.create_plan(reference="Z-007", by="system:tests")
    answer = signed_in(Role.ADMINISTRATOR).get("/search/", {"q": typed})

    assert answer.url == "/plans/Z-007/"


def test_the_reference_of_a_run_leads_there():
    run = rows.ended(rows.policy("mail"), "restore_test", "pass", level=5)

    answer = signed_in(Role.RESPONDER).get("/search/", {"q": run.reference.lower()})

    assert answer.url == run.get_absolute_url()


def test_a_reference_that_one_may_not_see_is_not_found():
    one = incident("Mail is down", is_restricted=True)

    page = signed_in(Role.RESPONDER).get("/search/", {"q": one.reference})

    assert "Nothing found" in page.text


def test_the_page_works_without_a_script_and_says_what_belongs_there():
    client = signed_in(Role.RESPONDER)
    incident("Mail is down")

    empty, some, none = (client.get("/search/", {"q": text}).text for text in ("", "mail", "nosuchword"))

    assert "Find anything" in empty
    assert "1 thing found" in some
    assert "Try fewer words" in none


def test_searching_costs_no_more_for_many_hits_than_for_one(responder):
    incident("Zulu one")
    find("zulu", responder)  # the roles of the reader are read once
    with CaptureQueriesContext(connection) as one:
        find("zulu", responder)
    for number in range(MOST + 5):
        incident(f"Zulu {number}")
    with CaptureQueriesContext(connection) as many:
        hits = find("zulu", responder)

    assert hits.count == MOST
    assert len(many) <= len(one) <= 20


def test_the_list_of_incidents_finds_two_chinese_characters_and_what_is_affected():
    client = signed_in(Role.RESPONDER)
    one = incident("供应商发票丢失")
    incident("Mail is down").services.add(ServiceFactory(name="Correspondence"))

    assert one.reference in client.get("/incidents/", {"q": "发票"}).text
    page = client.get("/incidents/", {"q": "correspond"}).text
    assert "Mail is down" in page
    assert one.reference not in page


def test_a_plan_is_named_in_the_language_of_its_reader_whatever_language_the_words_are_in(responder):
    plan = runbooks.create_plan(reference="Z-1", by="system:tests")
    version = runbooks.draft_version(plan_id=plan.pk, by="system:tests")
    for language, title in (("en", "Zulu plan"), ("zh-hans", "缺少记录")):
        runbooks.write_text(version_id=version.pk, language=language, title=title, text="x", by="system:tests")

    with override("zh-hans"):
        assert [hit.title for group in find("zulu", responder).groups for hit in group.hits] == ["缺少记录"]


def test_a_page_in_chinese_speaks_chinese():
    with override("zh-hans"):
        page = signed_in(Role.RESPONDER, language="zh-hans").get("/search/")
    assert page.status_code == 200


def test_a_hit_without_a_page_is_shown_without_a_link():
    person(Role.REPORTER, name="Zulu Mei")

    page = signed_in(Role.RESPONDER).get("/search/", {"q": "zulu"}).text

    assert "Zulu Mei" in page
    assert Hit(kind="person", title="x", url="").url == ""
