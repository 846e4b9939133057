"""The first page: would we survive, and how do we know?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.choices import Outcome, RunKind
from catalog.choices import Outcome as Measured
from catalog.selectors import basis_of
from incidents.models import Incident
from people.choices import Role
from readiness.overview import Overview, overview_for
from tests.backups.rows import copy_of, ended, policy
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SystemFactory
from tests.incidents.factories import ended as announced
from tests.readiness.people import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def service(name="Mail", took=HOUR, age=HOUR, **fields):
    """A service on a system of its own. took: None leaves it unmeasured."""
    row = ServiceFactory(name=name, recovery_time_objective=4 * HOUR, **fields)
    system = SystemFactory(name=f"{name} database")
    DependencyFactory(service=row, on_system=system)
    if took is not None:
        MeasurementFactory(system=system, recovery_time=took, measured_at=timezone.now() - age, basis=basis_of(system))
    return row


def answer(*, proven=0, stale=0, unproven=0) -> Overview:
    for number in range(proven):
        service(f"Proven {number}")
    for number in range(stale):
        service(f"Stale {number}", age=timedelta(days=100))
    for number in range(unproven):
        service(f"Unproven {number}", took=9 * HOUR)
    return overview_for(person(Role.MANAGER), timezone.now())


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "No service is named yet, so nothing can be proven."),
        ({"proven": 1}, "The one service is proven to come back in time."),
        ({"unproven": 1}, "The one service is not proven to come back in time."),
        ({"proven": 3}, "All 3 services are proven to come back in time."),
        ({"unproven": 2}, "None of 2 services is proven to come back in time."),
        ({"proven": 1, "unproven": 1}, "1 of 2 services is proven to come back in time."),
        ({"proven": 2, "stale": 1}, "2 of 3 services are proven to come back in time."),
    ],
)
def test_the_answer_is_one_sentence_that_reads_right(counts, said):
    assert answer(**counts).answer == said


def test_the_worst_service_is_named_beside_the_proven_ones():
    assert answer(proven=1, unproven=1).worst == "Unproven 0 is not."


def test_what_is_missing_is_counted():
    assert answer(stale=1, unproven=2).more == ["1 proof is stale.", "2 services have no passing proof."]


def test_the_bar_has_a_segment_for_each_service_and_stays_inside():
    bar = answer(proven=2, stale=1, unproven=1).bar
    assert [one.proof for one in bar] == ["proven", "proven", "stale", "unproven"]
    assert float(bar[-1].x.rstrip("%")) + float(bar[-1].width.rstrip("%")) <= 100


def test_the_page_takes_the_same_number_of_queries_however_much_there_is(client, django_assert_max_num_queries):
    client.force_login(person(Role.MANAGER))
    service("First")
    client.get("/")  # what is kept for a minute is read once
    with django_assert_max_num_queries(15) as few:
        client.get("/")
    for number in range(8):
        service(f"More {number}")
        ended(policy(f"more-{number}"), RunKind.CHECK, Outcome.FAIL)
    with django_assert_max_num_queries(15) as many:
        client.get("/")
    assert len(many) == len(few)


def test_the_worst_stands_first_with_its_reason(client):
    service("Payroll")
    service("Payments", took=5 * HOUR)
    client.force_login(person(Role.AUDITOR))
    page = client.get("/").content.decode()
    assert page.index("Payments") < page.index("Payroll")
    assert "are allowed" in page


def test_each_figure_leads_to_its_proof(client):
    MeasurementFactory(system=SystemFactory(), url="/elsewhere/")
    row = service("Mail", took=None)
    MeasurementFactory(system=row.needs.get().on_system, reference="RT-0042", url="/backups/runs/RT-0042/")
    client.force_login(person(Role.REVIEWER))
    page = client.get("/").content.decode()
    assert 'href="/backups/runs/RT-0042/"' in page
    assert "/elsewhere/" not in page


def test_what_failed_last_is_listed_until_it_passes(client):
    plan = policy("mail")
    ended(plan, RunKind.CHECK, Outcome.FAIL)
    client.force_login(person(Role.MANAGER))
    assert "h-failing" in client.get("/").content.decode()
    ended(plan, RunKind.CHECK, Outcome.PASS)
    assert "h-failing" not in client.get("/").content.decode()


def test_a_restore_without_isolation_is_said(client):
    ended(policy("mail"), RunKind.RESTORE_TEST, Outcome.PASS, isolation="none", recovery_time=HOUR)
    client.force_login(person(Role.MANAGER))
    assert "without isolation" in client.get("/").content.decode()


def test_only_administrators_are_told_that_no_mail_leaves(client, settings):
    settings.EMAIL_CONFIGURED = False
    client.force_login(person(Role.ADMINISTRATOR))
    assert "No e-mail leaves this host." in client.get("/").content.decode()
    client.force_login(person(Role.RESPONDER, username="bo", name="Bo"))
    assert "No e-mail leaves this host." not in client.get("/").content.decode()


def test_a_reporter_sees_own_reports_and_no_figure_of_the_catalog(client):
    service("Payroll")
    client.force_login(person(Role.REPORTER))
    page = client.get("/").content.decode()
    assert "Payroll" not in page
    assert "None of your reports is open" in page


def test_somebody_without_a_role_sees_nothing_of_the_catalog(client):
    service("Payroll")
    client.force_login(person())
    assert "Payroll" not in client.get("/").content.decode()


def test_a_failed_measurement_is_not_drawn_as_a_proof(client):
    row = service("Mail", took=None)
    MeasurementFactory(system=row.needs.get().on_system, outcome=Measured.FAIL, recovery_time=HOUR)
    client.force_login(person(Role.MANAGER))
    assert 'class="gauge is-ok"' not in client.get("/").content.decode()


def test_the_service_that_is_needed_most_is_named():
    service("Archive", took=None)
    service("Payments", took=9 * HOUR, criticality="critical")
    assert answer(proven=1).worst == "Payments is not."


def test_a_copy_that_did_not_pass_its_check_stands_beside_the_proof_of_its_service(client):
    row = service("Mail")
    plan = policy("mail", system=row.needs.get().on_system)
    run = ended(plan, RunKind.CHECK, Outcome.FAIL)
    doubt = overview_for(person(Role.MANAGER), timezone.now()).doubt
    assert doubt.sentence == f"But the newest copy of {plan.name} did not pass its check:"
    assert (doubt.reference, doubt.url) == (run.reference, f"/backups/runs/{run.reference}/")

    ended(plan, RunKind.CHECK, Outcome.PASS)
    assert overview_for(person(Role.MANAGER, username="bo"), timezone.now()).doubt is None


def test_a_failed_check_of_an_older_copy_is_no_doubt_once_the_newest_was_restored():
    row = service("Mail")
    plan, at = policy("mail", system=row.needs.get().on_system), timezone.now() - HOUR
    older = copy_of(plan, taken_at=at - HOUR)
    ended(plan, RunKind.CHECK, Outcome.FAIL, copy=older, failed_level=2, started_at=at, ended_at=at)
    newest = copy_of(plan, taken_at=at)
    found = overview_for(person(Role.MANAGER), timezone.now())
    assert found.doubt.sentence.startswith("But an older copy of mail did not pass its check")

    ended(plan, RunKind.RESTORE_TEST, Outcome.PASS, copy=newest, level=5)
    found = overview_for(person(Role.MANAGER, username="bo"), timezone.now())
    assert (found.doubt, found.failing) == (None, [])


def test_an_open_incident_of_holdfast_stands_beside_the_proof_and_leads_to_it(client):
    row = service("Mail")
    plan = policy("mail", system=row.needs.get().on_system)
    announced(plan, RunKind.BACKUP, Outcome.FAIL, failed_step="dump")
    found = Incident.objects.get()
    client.force_login(person(Role.MANAGER))
    heading = client.get("/").content.decode().partition("</h1>")[0].rpartition("<h1>")[2]
    assert "The one service is proven to come back in time." in heading
    assert "But Holdfast found a failure that is not over:" in heading
    assert f'href="/incidents/{found.reference}/"' in heading


def test_what_fails_elsewhere_is_no_doubt_of_a_proven_service():
    service("Mail")
    announced(policy("archive"), RunKind.CHECK, Outcome.FAIL, failed_step="digest")
    assert overview_for(person(Role.MANAGER), timezone.now()).doubt is None
