"""The ledger to look into: who reads which entries, how they are found, and a period that is taken along."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.services import open_action
from common import archives
from incidents import services as incidents
from incidents.models import Incident
from ledger import exporting, selectors
from ledger.exporting import LINES, MANIFEST, TABLE, stream
from ledger.models import Entry
from ledger.offline import NotAnExport, verify_export
from ledger.selectors import PAGE, Asked
from ledger.services import record, seal_pending
from people.choices import Role
from people.models import User
from readiness.ledger import Question, entries_for, mark
from tests.catalog.factories import ServiceFactory
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db

LONG_AGO, LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@transaction.atomic
def written(subject: User, count: int = 1, *, verb: str = "thing.done", by="system:tests", **data) -> list[Entry]:
    return [record(verb=verb, subject=subject, actor=by, data=data) for _ in range(count)]


@pytest.fixture
def auditor():
    return signed_in(Role.AUDITOR)


@pytest.fixture
def ana():
    return person(Role.RESPONDER, name="Ana")


def exported(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.zip"
    path.write_bytes(b"".join(stream(since=LONG_AGO, until=LATER)))
    return path


def rewritten(path: Path, **parts) -> Path:
    """The same file with some of its parts changed: {name of the part: function of its bytes}."""
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.partition(".")[0] + name[-1], lambda data: data)(old.read(name)))
    return changed


def test_an_auditor_finds_by_subject_person_verb_and_day(auditor, ana):
    written(ana, verb="thing.done", by=ana)
    today = timezone.localdate()

    def shown(**asked) -> bool:
        return "thing.done</code>" in auditor.get("/ledger/", asked).text

    assert shown(subject="ana", actor="an", verb="thing.done", since=today, until=today)
    assert not shown(subject="ben")
    assert not shown(actor="ben")
    assert shown(verb="thing")
    assert not shown(verb="thing.undone")
    assert not shown(until=today - timedelta(days=1))
    assert not shown(since=today + timedelta(days=1))


def test_each_entry_says_what_changed_and_where_it_is_sealed(auditor, ana):
    written(ana, before={"state": "open", "same": 1}, after={"state": "closed", "same": 1}, url="smb://me:secret@host")
    waiting = auditor.get("/ledger/").text
    seal_pending(now=timezone.now())
    sealed = auditor.get("/ledger/").text

    assert "<del>open</del> → <ins>closed</ins>" in waiting
    assert "same" not in waiting
    assert "secret@" not in waiting
    assert "waiting for its seal" in waiting
    assert "sealed in #1" in sealed
    assert selectors.newest_seal().head in sealed


def test_what_an_entry_holds_is_never_markup(auditor, ana):
    written(ana, before=["<b>"], after="<script>", odd=[{"a": None}])

    assert "<script>" not in auditor.get("/ledger/").text.replace("<script src=", "")


def test_a_responder_reads_the_thread_of_what_the_responder_sees_and_nothing_else(ana):
    client = signed_in(Role.RESPONDER)
    seen, hidden = (incidents.report(by=ana, description=text) for text in ("Mail is down", "Secret"))
    type(hidden).objects.filter(pk=hidden.pk).update(is_restricted=True)

    def status(kind: str, key: object) -> int:
        return client.get("/ledger/", {"type": kind, "id": str(key)}).status_code

    assert status("incidents.incident", seen.pk) == 200
    assert status("incidents.incident", hidden.pk) == 404
    assert status("people.user", ana.pk) == 404
    assert status("incidents.incident", "no-uuid") == 404
    assert status("no.such", "1") == 404
    assert client.get("/ledger/").status_code == 404
    assert f"id={seen.pk}" in client.get(seen.get_absolute_url()).text


def test_a_manager_reads_what_the_own_people_did(ana):
    client = signed_in(Role.MANAGER)
    User.objects.filter(pk=ana.pk).update(manager=client.person)
    stranger = person(Role.RESPONDER)
    written(ana, verb="team.did", by=ana)
    written(stranger, verb="stranger.did", by=stranger)

    page = client.get("/ledger/").text

    assert "team.did" in page
    assert "stranger.did" not in page
    assert client.post("/ledger/export/").status_code == 404


def test_a_manager_reads_what_was_done_to_the_own_people_and_to_what_is_theirs(ana):
    client, stranger = signed_in(Role.MANAGER), person(Role.RESPONDER)
    User.objects.filter(pk=ana.pk).update(manager=client.person)
    own, other = ServiceFactory(owner=ana), ServiceFactory(owner=stranger)
    restricted = Incident.objects.create(title="x", tracking_token="x", reporter=ana, is_restricted=True)
    for subject in (ana, own, restricted):
        written(subject, verb="own.touched", by="system:tests")
    for subject in (stranger, other):
        written(subject, verb="strange.touched", by="system:tests")

    page = client.get("/ledger/").text

    assert page.count("own.touched") >= 3
    assert "strange.touched" not in page
    assert "own.touched" in client.get(f"/ledger/?subject={ana.name[:4]}").text
    assert "own.touched" in client.get(f"/ledger/?type=people.user&id={ana.pk}").text
    assert client.get(f"/ledger/?type=people.user&id={stranger.pk}").status_code == 404
    assert signed_in(Role.MANAGER).get(f"/ledger/?type=people.user&id={ana.pk}").status_code == 404
    api = client.get(f"/api/v1/ledger/?subject_type=people.user&subject_id={ana.pk}").json()["results"]
    assert "own.touched" in [each["verb"] for each in api]


def test_what_a_manager_may_not_see_is_not_read_by_way_of_the_ledger(ana):
    client = signed_in(Role.MANAGER)
    User.objects.filter(pk=ana.pk).update(manager=client.person)
    day = timezone.now().date() + timedelta(days=1)
    given = {"kind": "other", "due_on": day, "by": "system:tests", "is_restricted": True}
    secret = open_action(title="Zulu secret", owner=ana, **given)

    assert secret.reference not in client.get("/ledger/?verb=action.opened").text


@pytest.mark.parametrize("role", [Role.REPORTER, Role.REVIEWER])
def test_others_have_no_ledger(role):
    assert signed_in(role).get("/ledger/").status_code == 404


def test_pages_go_on_where_the_last_one_ended_even_within_one_moment(ana):
    with transaction.atomic():
        written(ana, 2 * PAGE + 5)
    entries = Entry.objects.filter(verb="thing.done")
    first = selectors.page_of(entries)
    second = selectors.page_of(entries, older_than=first.older)
    third = selectors.page_of(entries, older_than=second.older)
    back = selectors.page_of(entries, newer_than=third.newer)

    ids = [entry.pk for page in (first, second, third) for entry in page.entries]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 2 * PAGE + 5
    assert third.older is None
    assert first.newer is None
    assert [entry.pk for entry in back.entries] == [entry.pk for entry in second.entries]


QUERIES = [
    "older=x", "older=-", "older=1-99999999999999999", "newer=99999999999999999-1", "since=x", "until=9999-12-31",
    "since=0001-01-01", "subject=%25", "actor=" + "a" * 5000, "type=x", "id=x",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_what_an_address_says_wrongly_breaks_nothing(auditor, query):
    assert auditor.get(f"/ledger/?{query}").status_code == 200


def test_a_page_costs_the_same_for_one_entry_and_for_many(auditor, ana):
    auditor.get("/ledger/")
    with CaptureQueriesContext(connection) as few:
        auditor.get("/ledger/")
    written(ana, 2 * PAGE)
    with CaptureQueriesContext(connection) as many:
        auditor.get("/ledger/")

    assert len(many) == len(few)


MANY = """
INSERT INTO ledger_entry (id, at, actor_kind, actor_id, actor_label, verb, subject_type, subject_id, subject_label,
    data, request_id, address, key_id, mac)
SELECT nextval('ledger_entry_id_seq'), now() - n * interval '1 minute', 'user', n::text, 'actor ' || n,
    'thing.happened' || n % 500, 'catalog.system', n::text, 'system ' || n, '{}', '', '', '', ''
FROM generate_series(1, 5000) n
"""


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(), "ledger_by_time"),
        (Asked(verb="thing.happened7"), "ledger_of_verb"),
        (Asked(subject_type="people.user", subject_id="1"), "ledger_of_subject"),
        (Asked(subject="ana"), "ledger_by_subject_label"),
        (Asked(actor="ana"), "ledger_by_actor_label"),
    ],
)
def test_every_question_begins_in_an_index(asked, index):
    with connection.cursor() as cursor:
        cursor.execute(MANY)  # among few entries any way is as short
        cursor.execute("ANALYZE ledger_entry; SET LOCAL enable_bitmapscan = off")
    found = selectors.asked_for(Entry.objects.all(), asked).order_by("-at", "-id")[:PAGE]

    assert index in found.explain()


def test_the_question_of_a_manager_adds_up_indexes_and_never_walks_through_all_of_time(ana):
    manager = person(Role.MANAGER)
    User.objects.filter(pk=ana.pk).update(manager=manager)
    ServiceFactory(owner=ana)
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute("ANALYZE ledger_entry")
    found = entries_for(manager, Asked()).order_by("-at", "-id")[:PAGE].explain()

    assert "ledger_of_actor" in found
    assert "ledger_of_subject" in found
    assert "Seq Scan" not in found


def test_verbs_are_offered_once_each(ana):
    written(ana, 3, verb="a.first")
    written(ana, 3, verb="b.second")

    assert [verb for verb in selectors.verbs() if verb in {"a.first", "b.second"}] == ["a.first", "b.second"]


def test_a_place_in_an_address_leads_back_to_itself(ana):
    entry = written(ana)[0]
    place = selectors.Place(entry.at, entry.pk)

    assert Question.read(QueryDict(f"older={mark(place)}")).older_than == place


def test_a_period_is_taken_along_by_one_button_and_that_is_written_down(auditor, ana):
    written(ana)
    seal_pending(now=timezone.now())

    answer = auditor.post("/ledger/export/")
    body = b"".join(answer.streaming_content)

    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert sorted(archive.namelist()) == sorted([LINES, TABLE, MANIFEST])
        assert json.loads(archive.read(MANIFEST))["entries"] >= 1
    assert Entry.objects.filter(verb="ledger.exported", actor_id=str(auditor.person.pk)).count() == 1


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [("garbage", "", "“garbage” is no day"), ("2026-02-02", "2026-02-01", "The period ends before it begins")],
)
def test_a_period_that_is_none_gives_no_file_of_another_one(auditor, since, until, said):
    answer = auditor.post("/ledger/export/", {"since": since, "until": until}, follow=True)

    assert said in answer.text
    assert not Entry.objects.filter(verb="ledger.exported").exists()


def test_however_slowly_the_file_is_taken_no_moment_of_the_database_is_held(ana, monkeypatch, tmp_path):
    for _each in range(3):
        written(ana, 2)
        seal_pending(now=timezone.now())
    written(ana, 1)
    monkeypatch.setattr(archives, "CHUNK", 1)
    monkeypatch.setattr(exporting, "SEALS_AT_ONCE", 2)
    outside = len(connection.savepoint_ids)
    pieces = stream(since=LONG_AGO, until=LATER)
    taken = [next(pieces)]
    assert len(connection.savepoint_ids) == outside
    written(ana, 1)  # what is written and sealed meanwhile is no part of it
    seal_pending(now=timezone.now())
    path = tmp_path / "ledger.zip"
    path.write_bytes(b"".join([*taken, *pieces]))
    report = verify_export(path)
    assert (report.first_bad, report.seals, report.unsealed) == (None, 3, 1)


def test_the_file_is_checked_without_the_database(ana, tmp_path, django_assert_num_queries):
    written(ana, 5)
    seal_pending(now=timezone.now())
    written(ana, 3)
    path, head = exported(tmp_path), selectors.newest_seal().head

    with django_assert_num_queries(0):
        report = verify_export(path, head=head)
        out = io.StringIO()
        call_command("verify_ledger_export", str(path), stdout=out)

    assert report.first_bad is None
    assert (report.seals, report.unsealed, report.head) == (1, 3, head)
    assert "This file is whole" in out.getvalue()


def twisted(find: bytes, replace: bytes):
    return lambda data: data.replace(find, replace, 1)


def without_line(number: int):
    return lambda data: b"".join(line for at, line in enumerate(data.splitlines(True)) if at != number)


@pytest.mark.parametrize(
    "parts",
    [
        {"ledgerl": twisted(b'"verb":"thing.done"', b'"verb":"thing.dune"')},
        {"ledgerl": twisted(b'"number":1', b'"number":2')},
        {"ledgerl": twisted(b'"digest":"', b'"digest":"00')},
        {"ledgerl": without_line(2)},
        {"ledgerl": without_line(0)},
        {"ledgerv": twisted(b"thing.done", b"thing.dune")},
        {"manifestn": twisted(b'"seals": 1', b'"seals": 2')},
    ],
)
def test_whatever_was_changed_in_the_file_is_found(ana, tmp_path, parts):
    written(ana, 5)
    seal_pending(now=timezone.now())
    path = exported(tmp_path)

    assert verify_export(rewritten(path, **parts)).first_bad is not None


def test_a_head_that_left_the_house_has_to_be_in_it(ana, tmp_path):
    written(ana)
    seal_pending(now=timezone.now())

    assert verify_export(exported(tmp_path), head="0" * 64).first_bad is not None


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_export_is_told_in_a_sentence(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)

    with pytest.raises(NotAnExport):
        verify_export(path)
    with pytest.raises(CommandError, match="no exported period"):
        call_command("verify_ledger_export", str(path))


def test_no_cell_of_the_table_is_a_formula(tmp_path):
    written(person(Role.REPORTER, name="=cmd()"))

    with zipfile.ZipFile(exported(tmp_path)) as archive:
        table = archive.read(TABLE).decode()

    assert "'=cmd()" in table
    assert ",=cmd()" not in table


def test_a_question_that_is_not_ones_own_has_no_answer(ana):
    assert entries_for(ana, Asked()) is None
