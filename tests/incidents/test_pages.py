"""The pages of incidents: who finds what there, and what they keep."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backups.choices import Outcome, RunKind, StepName
from common.paging import Pages
from incidents import services
from incidents.choices import State
from incidents.models import Incident
from notify.models import Message
from people.choices import Role
from runbooks import services as plans
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.incidents.factories import PolicyFactory, ended, person, reported, responder

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post_report(client, **more):
    return client.post("/report/", {"description": "The invoices are gone.", **more})


# report


def test_only_the_first_answer_is_needed_and_the_reporter_lands_on_the_tracking_page():
    reporter = person(Role.REPORTER)
    answer = post_report(signed_in(reporter))
    incident = Incident.objects.get()
    assert answer.url == reverse("tracking", args=[incident.tracking_token])
    assert (incident.reporter, incident.title) == (reporter, "The invoices are gone.")
    assert incident.occurred_at is None


def test_all_answers_are_kept():
    system = SystemFactory()
    since = timezone.now() - timedelta(days=1)
    post_report(
        signed_in(person(Role.REPORTER)),
        concerns=f"system:{system.pk}",
        badness="stopped",
        since="earlier",
        since_at=since.strftime("%Y-%m-%dT%H:%M"),
        place="Room 5",
        error_code="ARC-408",
        steps_tried="Turned it off and on.",
    )
    incident = Incident.objects.get()
    assert list(incident.systems.all()) == [system]
    assert (incident.severity, incident.place, incident.error_code) == (2, "Room 5", "ARC-408")
    assert incident.occurred_at is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"description": ""}, "description"),
        ({"description": "   "}, "description"),
        ({"description": "a\0b"}, "description"),
        ({"description": "x" * 10_001}, "description"),
        ({"since_at": "2999-01-01T00:00"}, "since_at"),
        ({"since_at": "0001-01-01T00:00"}, "since_at"),
        ({"since_at": "yesterday"}, "since_at"),
        ({"concerns": "system:1234"}, "concerns"),
        ({"concerns": "service:00000000-0000-0000-0000-000000000000"}, "concerns"),
        ({"badness": "terrible"}, "badness"),
        ({"since": "never"}, "since"),
        ({"place": "x" * 201}, "place"),
        ({"error_code": "\0"}, "error_code"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_everything_typed_stays(wrong, field):
    client = signed_in(person(Role.REPORTER))
    answer = post_report(client, **{"steps_tried": "Turned it off.", **wrong})
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {field}
    assert "Turned it off." in answer.text
    assert 'role="alert"' in answer.text
    assert not Incident.objects.exists()


def test_a_report_in_any_writing_is_shown_as_it_was_written_and_never_as_html():
    words = '<script>alert(1)</script> 发票不见了 \u202e "quoted" \'; DROP TABLE incidents;--'
    incident = reported(description=words)
    page = signed_in(responder()).get(incident.get_absolute_url()).text
    assert "<script>alert" not in page
    assert "发票不见了" in page


def test_more_reports_than_a_person_can_mean_are_refused_with_the_words_kept(monkeypatch):
    monkeypatch.setattr("incidents.limits.OF_PERSON", 2)
    client = signed_in(person(Role.REPORTER))
    assert [post_report(client).status_code for _each in range(3)] == [302, 302, 429]
    assert "The invoices are gone." in post_report(client).text
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("role", [Role.AUDITOR])
def test_who_only_reads_does_not_report(role):
    client = signed_in(person(role))
    assert client.get("/report/").status_code == 403
    assert post_report(client).status_code == 403
    assert not Incident.objects.exists()


@pytest.mark.parametrize("address", ["/report/", "/report/mine/", "/incidents/", "/incidents/INC-0001/", "/plans/"])
def test_nobody_gets_in_without_a_sign_in(address):
    answer = Client().get(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url or "login" in answer.url


def test_a_form_without_its_token_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.REPORTER))
    assert post_report(client).status_code == 403
    assert not Incident.objects.exists()


# known problems


def known_problem(**more):
    incident = reported(**more)
    by = responder()
    services.acknowledge(incident_id=incident.pk, by=by)
    return services.update_reporters(
        incident_id=incident.pk, by=by, text="On it.", public_title="Supplier invoices missing"
    )


def test_who_has_the_same_problem_joins_and_reads_only_the_public_part():
    incident, other = known_problem(description="My secret is 1234"), person(Role.REPORTER)
    client = signed_in(other)
    assert "Supplier invoices missing" in client.get("/report/known/?description=invoices").text
    answer = client.post("/report/", {"me_too": incident.reference, "description": ""}, follow=True)
    assert "Supplier invoices missing" in answer.text
    assert "On it." in answer.text
    assert "1234" not in answer.text
    assert list(incident.followers.all()) == [other]
    assert "Supplier invoices missing" in client.get("/report/mine/").text


@pytest.mark.parametrize("text", ["printer", "%", "_", "a" * 5000, "invoices%00", "发票"])
def test_what_is_not_alike_is_not_offered(text):
    known_problem()
    answer = signed_in(person(Role.REPORTER)).get("/report/known/", {"description": text})
    assert answer.status_code == 200
    is_alike = "invoices" in text
    assert ("Supplier invoices" in answer.text) == is_alike


def test_a_chinese_title_is_found_by_chinese_words():
    incident = known_problem()
    Incident.objects.filter(pk=incident.pk).update(public_title="供应商发票不见了")
    answer = signed_in(person(Role.REPORTER)).get("/report/known/", {"description": "我的发票找不到"})
    assert "供应商发票不见了" in answer.text


@pytest.mark.parametrize("change", [{"is_restricted": True}, {"state": State.CANCELLED}, {"public_title": ""}])
def test_what_is_not_public_is_neither_offered_nor_joined(change):
    incident, other = known_problem(), person(Role.REPORTER)
    Incident.objects.filter(pk=incident.pk).update(**change)
    client = signed_in(other)
    assert "Supplier invoices" not in client.get("/report/").text
    assert client.post("/report/", {"me_too": incident.reference}).status_code == 404


# tracking


def test_the_tracking_page_works_without_a_sign_in_and_is_kept_from_search_engines():
    incident = known_problem()
    services.note(incident_id=incident.pk, by=responder(), text="internal words")
    answer = Client().get(incident.tracking_url)
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert "On it." in answer.text
    assert "internal words" not in answer.text


@pytest.mark.parametrize("token", ["x", "0" * 43, "..", "a" * 5000])
def test_an_address_that_was_guessed_is_nothing(token):
    reported()
    assert Client().get(f"/report/track/{token}/").status_code == 404


def test_the_reporter_answers_without_a_sign_in_and_the_answer_is_on_the_timeline():
    incident = known_problem()
    answer = Client().post(incident.tracking_url, {"text": "Still gone."}, follow=True)
    assert "Still gone." in answer.text
    page = signed_in(responder()).get(incident.get_absolute_url()).text
    assert "Still gone." in page


def test_an_answer_by_the_link_is_not_said_to_be_the_reporters():
    incident = known_problem()
    Client().post(incident.tracking_url, {"text": "Still gone."})
    assert incident.events.get(kind="reply").sentence == "Answer by the tracking link"
    signed_in(incident.reporter).post(incident.tracking_url, {"text": "And today?"})
    assert incident.events.get(text="And today?").sentence == "Answer of the reporter"
    told = Message.objects.filter(kind="incident.reply").order_by("created_at").values_list("subject", flat=True)
    assert set(told) == {
        f"{incident.reference}: an answer by the tracking link",
        f"{incident.reference}: the reporter answered",
    }


def test_the_title_of_those_who_work_on_it_stays_with_them():
    incident = reported()
    changes = {"title": "Ana deleted the archive"}
    services.describe(incident_id=incident.pk, by=responder(), changes=changes)
    services.acknowledge(incident_id=incident.pk, by=responder())
    reporter = signed_in(incident.reporter)
    pages = [Client().get(incident.tracking_url).text, reporter.get("/report/mine/").text, reporter.get("/").text]
    pages.append(reporter.get("/search/", {"q": "invoices"}).text)
    pages.append(reporter.get(f"/api/v1/incidents/{incident.pk}/").text)
    pages += Message.objects.filter(to=incident.reporter).values_list("subject", flat=True)
    assert not [page for page in pages if "Ana deleted" in page]
    assert len([page for page in pages if "The invoices are gone." in page]) == len(pages)
    assert "Ana deleted" in signed_in(responder()).get(f"/api/v1/incidents/{incident.pk}/").text


def test_an_empty_answer_is_refused_and_one_to_a_closed_report_keeps_its_words():
    incident = known_problem()
    assert Client().post(incident.tracking_url, {"text": " "}).status_code == 400
    Incident.objects.filter(pk=incident.pk).update(state=State.CLOSED, resolved_at=timezone.now())
    assert Client().post(incident.tracking_url, {"text": "Hello?"}).status_code == 409


# list


def test_the_list_shows_what_the_address_asks_for():
    first, second = reported(description="Printer"), reported(description="Database", badness="stopped")
    services.acknowledge(incident_id=second.pk, by=responder())
    client = signed_in(responder())

    def found(**query):
        return list(client.get("/incidents/", query).context["page"])

    assert found() == [second, first]
    assert found(severity="2") == [second]
    assert found(state="triage") == [first]
    assert found(q=first.reference) == [first]
    assert found(q="print") == [first]
    assert found(state="over") == []


def test_a_list_that_is_too_long_to_page_through_says_so(monkeypatch):
    monkeypatch.setattr(Pages, "MOST", 2)
    for _ in range(3):
        reported()
    page = signed_in(responder()).get("/incidents/")

    assert page.context["page"].paginator.count == 2
    assert "More than 2 incidents" in page.text


def test_words_that_stand_in_too_many_list_the_newest_and_say_so(monkeypatch):
    monkeypatch.setattr("common.search.RANKED", 2)
    monkeypatch.setattr("incidents.selectors.listing.RANKED", 2)
    oldest, *newer = [reported(description="Printer") for _ in range(3)]
    page = signed_in(responder()).get("/incidents/", {"q": "printer"})

    assert set(page.context["page"]) == set(newer)
    assert "Only the newest of them are listed" in page.text
    assert oldest.reference not in page.text


@pytest.mark.parametrize(
    "query", ["state=nothing", "severity=99", "page=999999", "page=x", "q=%25", "mine=maybe", "q=" + "9" * 99]
)
def test_an_address_that_makes_no_sense_is_still_a_page(query):
    reported()
    assert signed_in(responder()).get(f"/incidents/?{query}").status_code == 200


def test_the_list_asks_the_database_the_same_number_of_times_however_many_there_are(django_assert_num_queries):
    client = signed_in(responder())
    services_used = [ServiceFactory() for _each in range(3)]

    def add(count: int) -> None:
        for number in range(count):
            reported(services=services_used[: number % 3])

    add(3)
    client.get("/incidents/")
    with CaptureQueriesContext(connection) as few:
        client.get("/incidents/")
    add(9)
    with django_assert_num_queries(len(few)):
        client.get("/incidents/")
    assert len(few) <= LIST_QUERIES


#: Who asks, the shell, the view it begins with and those that are kept, count, rows, what is affected, clocks, and
#: what the filters offer: services, systems, teams, people.
LIST_QUERIES = 22


def test_reporters_have_a_list_of_their_own():
    mine, other = reported(by=(reporter := person(Role.REPORTER))), reported(description="Somebody else's")
    client = signed_in(reporter)
    assert client.get("/incidents/").url == "/report/mine/"
    page = client.get("/report/mine/").text
    assert mine.reference in page
    assert other.reference not in page


# one incident


def test_an_incident_of_others_is_not_there_for_a_reporter():
    incident, client = reported(), signed_in(person(Role.REPORTER))
    assert client.get(incident.get_absolute_url()).status_code == 404
    assert client.post(f"{incident.get_absolute_url()}acknowledge/", {"version": 1}).status_code == 404
    assert client.post(f"{incident.get_absolute_url()}note/", {"text": "hi"}).status_code == 404


def test_the_reporter_is_led_to_the_tracking_page():
    incident = reported()
    assert signed_in(incident.reporter).get(incident.get_absolute_url()).url == incident.tracking_url


def test_a_restricted_one_is_not_there_for_who_has_no_part_in_it():
    incident, owner = reported(), responder()
    services.acknowledge(incident_id=incident.pk, by=owner)
    Incident.objects.update(is_restricted=True)
    address = incident.get_absolute_url()
    assert signed_in(responder()).get(address).status_code == 404
    assert signed_in(person(Role.MANAGER)).get(address).status_code == 404
    for user in (owner, person(Role.AUDITOR), person(Role.ADMINISTRATOR)):
        assert signed_in(user).get(address).status_code == 200


@pytest.mark.parametrize("reference", ["INC-9999", "INC-1", "inc-0001", "INC-0001x", "INC-" + "9" * 30, "1"])
def test_what_is_called_nothing_is_nothing(reference):
    assert signed_in(responder()).get(f"/incidents/{reference}/").status_code == 404


def test_an_auditor_reads_all_of_it_and_can_do_nothing():
    incident, client = reported(), signed_in(person(Role.AUDITOR))
    page = client.get(incident.get_absolute_url())
    assert page.status_code == 200
    assert "Acknowledge</button>" not in page.text
    assert client.post(f"{incident.get_absolute_url()}acknowledge/", {"version": 1}).status_code == 404


def test_each_state_has_one_primary_button_and_the_story_can_be_told_by_buttons_alone():
    user = responder()
    incident, client = reported(), signed_in(user)
    address = incident.get_absolute_url()
    steps = [
        ("Acknowledge", "acknowledge", {}),
        ("Post update", "update", {"text": "We are on it.", "public_title": ""}),
        ("Post update", "mitigate", {}),
        ("Resolve", "resolve", {"text": "Fixed."}),
        ("Close", "close", {}),
    ]
    for label, name, given in steps:
        page = client.get(address).text
        assert page.count("button prime") == 1
        assert label in page.split("button prime")[1][:400]
        incident.refresh_from_db()
        assert client.post(f"{address}{name}/", {"version": incident.version, **given}).url == address
    incident.refresh_from_db()
    assert incident.state == State.CLOSED
    assert "button prime" not in client.get(address).text


@pytest.mark.parametrize(
    "name", ["update", "resolve", "hold", "severity", "assign", "describe", "cancel", "reopen", "acknowledge", "take"]
)
def test_every_move_has_a_page_that_says_what_it_does(name):
    incident = reported()
    page = signed_in(responder()).get(f"{incident.get_absolute_url()}{name}/")
    assert page.status_code == 200
    assert "button prime" in page.text


def test_two_people_at_once_the_second_is_told_and_keeps_the_words_and_may_send_again():
    incident = services.acknowledge(incident_id=reported().pk, by=responder())
    client = signed_in(responder())
    seen, address = incident.version, f"{incident.get_absolute_url()}cancel/"
    services.change_severity(incident_id=incident.pk, by=responder(), severity=1, reason="all sites")
    answer = client.post(address, {"version": seen, "reason": "It was a drill."})
    assert answer.status_code == 412
    assert "It was a drill." in answer.text
    assert "changed by somebody else" in answer.text
    incident.refresh_from_db()
    assert incident.state == State.ACTIVE
    assert f'value="{incident.version}"' in answer.text
    assert client.post(address, {"version": incident.version, "reason": "It was a drill."}).status_code == 302


@pytest.mark.parametrize("given", [{}, {"version": "x"}, {"version": "9" * 40}, {"version": "-1"}])
def test_a_button_without_a_sensible_version_changes_nothing(given):
    incident = reported()
    assert signed_in(responder()).post(f"{incident.get_absolute_url()}acknowledge/", given).status_code == 400
    incident.refresh_from_db()
    assert incident.state == State.TRIAGE


def test_a_move_that_does_not_exist_is_nothing():
    incident, client = reported(), signed_in(responder())
    assert client.get(f"{incident.get_absolute_url()}explode/").status_code == 404
    assert client.post(f"{incident.get_absolute_url()}explode/").status_code == 404


def test_the_page_shows_the_step_that_failed_the_plan_in_force_and_that_nothing_is_proven():
    policy = PolicyFactory(name="Payroll")
    plan = plans.create_plan(reference="DB-1", systems=[policy.system], by="system:tests")
    draft = plans.draft_version(plan_id=plan.pk, by="system:tests")
    plans.write_text(
        version_id=draft.pk, language="en", title="Database down", text="1. **Stay calm**", by="system:tests"
    )
    plans.publish(version_id=draft.pk, by="system:tests")
    run = ended(policy, RunKind.RESTORE_TEST, Outcome.FAIL, failed_level=4, failed_step=StepName.RESTORE)
    page = signed_in(responder()).get(Incident.objects.get().get_absolute_url()).text
    for words in (
        "the database could not be restored",
        "Database down",
        "<strong>Stay calm</strong>",
        "never measured",
    ):
        assert words in page
    assert f"/backups/runs/{run.reference}/" in page


def test_the_page_asks_the_database_the_same_number_of_times_however_much_happened(django_assert_num_queries):
    incident, user = reported(services=[ServiceFactory()], systems=[SystemFactory()]), responder()
    client = signed_in(user)
    with_little = queries_of(client, incident)
    for number in range(10):
        services.note(incident_id=incident.pk, by=responder(), text=f"Note {number}")
        services.join(incident_id=incident.pk, by=person(Role.REPORTER))
    assert queries_of(client, incident) <= with_little + 1


def queries_of(client, incident):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(incident.get_absolute_url())
    return len(captured)


def test_a_note_needs_words_and_keeps_them_out_of_the_public_part():
    incident, client = reported(), signed_in(responder())
    assert client.post(f"{incident.get_absolute_url()}note/", {"text": ""}).status_code == 400
    assert client.post(f"{incident.get_absolute_url()}note/", {"text": "Seen it."}).status_code == 302
    assert "Seen it." in client.get(f"{incident.get_absolute_url()}thread/").text
    assert "Seen it." not in Client().get(incident.tracking_url).text
