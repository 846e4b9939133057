"""Pages of backups: the matrix, a policy, a run while it happens and afterwards."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backups.choices import Level, Outcome, Phase, RunKind, RunState
from backups.models import Run
from backups.services import request_run
from people.choices import Role
from tests.backups.rows import asserted, copy_of, ended, policy, running, step
from tests.catalog.factories import MeasurementFactory
from tests.readiness.people import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ADDRESSES = ("/backups/", "/backups/mail/", "/backups/runs/{run}/", "/restore-tests/")


def restored(plan, took=2 * HOUR, outcome=Outcome.PASS, **fields) -> Run:
    return ended(plan, RunKind.RESTORE_TEST, outcome, recovery_time=took, data_loss=timedelta(minutes=4), **fields)


def page_of(client, address: str, *roles: str) -> str:
    client.force_login(person(*(roles or [Role.MANAGER])))
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def heading(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0].replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("address", ADDRESSES)
def test_those_who_read_backups_open_every_page(client, role, address):
    run = restored(policy())
    page_of(client, address.format(run=run.reference), role)


@pytest.mark.parametrize("address", ADDRESSES)
def test_for_reporters_the_pages_are_not_there(client, address):
    run = restored(policy())
    client.force_login(person(Role.REPORTER))
    assert client.get(address.format(run=run.reference)).status_code == 404


@pytest.mark.parametrize("reference", ["RT-9999", "B-{number}", "nonsense", "RT-", "RT-99999999999999999999"])
def test_an_unknown_run_is_not_there(client, reference):
    run = restored(policy())
    client.force_login(person(Role.MANAGER))
    assert client.get(f"/backups/runs/{reference.format(number=run.number)}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "outcome", "fields", "said"),
    [
        (RunKind.RESTORE_TEST, Outcome.PASS, {"recovery_time": 3 * HOUR}, "Restored in 3 h, 1 h inside the target"),
        (RunKind.RESTORE_TEST, Outcome.PASS, {"recovery_time": 5 * HOUR}, "Restored in 5 h, 1 h over the target"),
        (RunKind.RESTORE_TEST, Outcome.FAIL, {}, "The copy does not restore"),
        (
            RunKind.RESTORE_TEST,
            Outcome.FAIL,
            {"level": 4, "failed_level": 5, "reason_code": "assertions_failed"},
            "Restored, but its content is not what was expected",
        ),
        (RunKind.RESTORE_TEST, Outcome.ERROR, {}, "The restore test could not be carried out"),
        (RunKind.BACKUP, Outcome.PASS, {}, "Saved in 1 min"),
        (RunKind.BACKUP, Outcome.FAIL, {}, "The backup failed"),
        (RunKind.BACKUP, Outcome.ERROR, {}, "The backup could not be carried out"),
        (RunKind.CHECK, Outcome.PASS, {"level": 3}, "The copy holds up to level 3: Well-formed"),
        (RunKind.CHECK, Outcome.FAIL, {"failed_level": 2}, "The copy does not hold at level 2: Bytes intact"),
        (RunKind.CHECK, Outcome.ERROR, {}, "The check could not be carried out"),
    ],
)
def test_the_heading_of_a_run_is_its_answer(client, kind, outcome, fields, said):
    run = ended(policy(), kind, outcome, **fields)
    assert heading(page_of(client, f"/backups/runs/{run.reference}/")) == said


def test_without_a_target_the_heading_says_so(client):
    plan = policy()
    plan.system.recovery_time_objective = None
    plan.system.save()
    run = restored(plan)
    assert heading(page_of(client, f"/backups/runs/{run.reference}/")) == "Restored in 2 h; no target is set"


@pytest.mark.parametrize("kind", RunKind.values)
def test_a_run_that_goes_on_asks_again_by_itself(client, kind):
    run = running(policy(), kind)
    assert 'hx-trigger="every 1s"' in page_of(client, f"/backups/runs/{run.reference}/")


def test_a_run_that_is_over_no_longer_asks(client):
    run = restored(policy())
    assert "every 1s" not in page_of(client, f"/backups/runs/{run.reference}/")


def test_a_page_that_has_seen_everything_is_sent_nothing(client):
    run = running(policy(), RunKind.RESTORE_TEST)
    step(run, "sandbox", outcome="running")
    client.force_login(person(Role.MANAGER))
    address = f"/backups/runs/{run.reference}/"
    mark = client.get(address).context["story"].mark
    assert client.get(address, {"seen": mark}, headers={"HX-Request": "true"}).status_code == 204
    step(run, "fetch", outcome="running")
    news = client.get(address, {"seen": mark}, headers={"HX-Request": "true"})
    assert news.status_code == 200
    assert "<html" not in news.content.decode()
    assert 'hx-swap-oob="innerHTML:#run-said"' in news.content.decode()


def test_steps_stand_in_order_with_what_they_took(client):
    run = restored(policy())
    step(run, "sandbox", seconds=1, phase=Phase.SANDBOX)
    step(run, "restore", seconds=42, phase=Phase.RESTORE, level=Level.RESTORED)
    page = page_of(client, f"/backups/runs/{run.reference}/")
    assert page.index("Sandbox created") < page.index("Database restored")
    assert "42\N{NO-BREAK SPACE}s" in page


@pytest.mark.parametrize(("role", "is_shown"), [(Role.RESPONDER, True), (Role.AUDITOR, True), (Role.REVIEWER, False)])
def test_output_of_the_sandbox_is_not_for_reviewers(client, role, is_shown):
    run = restored(policy())
    step(run, "restore", tail="pg_restore: processing data for table secret_names")
    page = page_of(client, f"/backups/runs/{run.reference}/", role)
    assert ("secret_names" in page) is is_shown


def test_output_is_text_whatever_it_holds(client):
    run = restored(policy())
    step(run, "restore", tail="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(client, f"/backups/runs/{run.reference}/")


def test_a_failed_run_says_at_which_step_and_why(client):
    run = ended(policy(), RunKind.BACKUP, Outcome.ERROR, failed_step="connect", reason_code="could_not")
    page = page_of(client, f"/backups/runs/{run.reference}/")
    assert "At the step “Source reached”:" in page
    assert "This could not be carried out." in page


def test_a_restore_without_isolation_says_so(client):
    run = restored(policy(), isolation="none")
    assert "without isolation" in page_of(client, f"/backups/runs/{run.reference}/")


def test_assertions_that_did_not_hold_say_what_was_expected(client):
    run = restored(policy(), outcome=Outcome.FAIL)
    asserted(run, "Rows in invoice", found="3", expected="4", outcome="fail")
    asserted(run, "Newest invoice")
    page = page_of(client, f"/backups/runs/{run.reference}/")
    assert "1 of 2" in page
    assert "expected: 4" in page


def test_the_copy_that_was_tried_is_named_with_its_digests(client):
    plan = policy()
    run = restored(plan, copy=copy_of(plan))
    assert "a" * 64 in page_of(client, f"/backups/runs/{run.reference}/")


def test_earlier_tests_stand_beside_this_one(client):
    plan = policy()
    first = restored(plan)
    step(first, "restore", phase=Phase.RESTORE)
    second = restored(plan)
    step(second, "restore", phase=Phase.RESTORE)
    assert f"/backups/runs/{first.reference}/" in page_of(client, f"/backups/runs/{second.reference}/")


def test_phases_too_thin_to_read_are_drawn_once_more_enlarged(client):
    run = restored(policy(), took=timedelta(seconds=4))
    step(run, "restore", phase=Phase.RESTORE, seconds=4)
    page = page_of(client, f"/backups/runs/{run.reference}/")
    assert "Enlarged" in page
    assert 'width="100.00%"' in page


def test_a_responder_starts_a_test_and_is_taken_to_it(client):
    policy()
    client.force_login(person(Role.RESPONDER))
    answer = client.post("/backups/mail/start/", {"kind": "restore_test"})
    run = Run.objects.get()
    assert (run.kind, run.state) == (RunKind.RESTORE_TEST, RunState.QUEUED)
    assert answer.url == f"/backups/runs/{run.reference}/"


def test_a_second_press_leads_to_the_same_run(client):
    policy()
    client.force_login(person(Role.MANAGER))
    first = client.post("/backups/mail/start/", {"kind": "check"})
    assert client.post("/backups/mail/start/", {"kind": "check"}).url == first.url
    assert Run.objects.count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REVIEWER])
def test_those_who_only_read_start_nothing(client, role):
    policy()
    client.force_login(person(role))
    assert client.post("/backups/mail/start/", {"kind": "check"}).status_code == 403
    assert 'action="/backups/mail/start/"' not in client.get("/backups/mail/").content.decode()
    assert not Run.objects.exists()


def test_a_reporter_cannot_start_anything(client):
    policy()
    client.force_login(person(Role.REPORTER))
    assert client.post("/backups/mail/start/", {"kind": "check"}).status_code == 404


@pytest.mark.parametrize("kind", ["", "destroy", "\x00", "check\nrun"])
def test_an_unknown_kind_of_run_starts_nothing(client, kind):
    policy()
    client.force_login(person(Role.MANAGER))
    assert client.post("/backups/mail/start/", {"kind": kind}).status_code < 500
    assert not Run.objects.exists()


def test_the_matrix_takes_the_same_number_of_queries_however_many_policies_there_are(client):
    client.force_login(person(Role.MANAGER))
    restored(policy("first"))
    client.get("/backups/")  # what is kept for a moment is kept from here on
    with CaptureQueriesContext(connection) as of_one:
        client.get("/backups/")
    for number in range(6):
        plan = policy(f"more-{number}")
        copy_of(plan)
        restored(plan)
        ended(plan, RunKind.CHECK, Outcome.PASS, level=3)
    with CaptureQueriesContext(connection) as of_many:
        client.get("/backups/")
    assert len(of_many) == len(of_one)


def test_the_list_of_restore_tests_takes_the_same_number_of_queries(client):
    client.force_login(person(Role.MANAGER))
    restored(policy("first"))
    client.get("/restore-tests/")  # what is kept for a moment is kept from here on
    with CaptureQueriesContext(connection) as of_one:
        client.get("/restore-tests/")
    for number in range(6):
        restored(policy(f"more-{number}"))
    with CaptureQueriesContext(connection) as of_many:
        client.get("/restore-tests/")
    assert len(of_many) == len(of_one)


def test_an_unproven_policy_is_among_those_that_need_attention(client):
    policy("quiet")
    page = page_of(client, "/backups/?show=attention")
    assert "System of quiet" in page


def test_an_empty_matrix_says_what_belongs_there(client):
    page = page_of(client, "/backups/")
    assert heading(page) == "Nothing is backed up yet"
    assert "A policy says what is saved" in page


def test_a_policy_that_was_never_restored_does_not_count(client):
    policy()
    assert heading(page_of(client, "/backups/mail/")) == "Never restored, so it does not count yet"


def test_a_late_slot_is_marked_and_a_paused_policy_is_not(client):
    plan = policy()
    plan.schedules.create(kind=RunKind.BACKUP, rule="0 2 * * *", next_due_at=timezone.now() - HOUR)
    assert "when is-warn" in page_of(client, "/backups/mail/")
    plan.is_paused = True
    plan.save()
    assert "when is-warn" not in client.get("/backups/mail/").content.decode()


def test_a_policy_that_was_never_restored_says_so_whatever_another_one_proved(client):
    tested = policy("shop")
    other = policy("files", system=tested.system)
    MeasurementFactory(system=tested.system, stream=tested.stream, reference="RT-0042")
    assert "Never restored" in heading(page_of(client, f"/backups/{other.slug}/"))
    assert "RT-0042" not in client.get(f"/backups/{other.slug}/").content.decode()
    assert "RT-0042" in client.get(f"/backups/{tested.slug}/").content.decode()


def test_after_a_failed_test_the_matrix_says_failed_and_not_never(client):
    plan = policy()
    MeasurementFactory(system=plan.system, stream=plan.stream, outcome="fail", recovery_time=None)
    page = page_of(client, "/backups/")
    assert "the last attempt failed" in page
    assert "never measured" not in page


@pytest.mark.parametrize(
    ("by", "said"),
    [(None, "the command line"), ("system:first_start", "Holdfast&#x27;s first start"), ("person", "Asker")],
)
def test_the_evidence_says_who_or_what_asked(client, by, said):
    asked = person(Role.MANAGER, name="Asker", username="asker") if by == "person" else by
    run = request_run(policy_id=policy().pk, kind=RunKind.BACKUP, by=asked)
    assert said in asked_by(page_of(client, f"/backups/runs/{Run.objects.get(pk=run.pk).reference}/", Role.AUDITOR))


def test_the_evidence_says_the_schedule_only_of_a_run_with_a_slot(client):
    run = ended(policy(), RunKind.BACKUP, Outcome.PASS, slot_at=timezone.now())
    assert "the schedule" in asked_by(page_of(client, f"/backups/runs/{run.reference}/"))


def asked_by(page: str) -> str:
    return page.partition("<dt>Asked by</dt><dd>")[2].partition("</dd>")[0]
