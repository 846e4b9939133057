"""What there is to learn: drafted from the timeline, written, approved by somebody else, found again."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.errors import NotAllowed
from incidents import selectors, services
from incidents.choices import State
from incidents.drafting import times_of
from incidents.errors import CannotMove, NeedsReview, OwnReview, ReviewCannotMove, ReviewIsFixed, Unfit
from incidents.models import Incident, Review
from incidents.reviews import ReviewState
from ledger.models import Entry
from notify.models import Message
from people import services as people
from people.choices import Role
from people.services import create_own_key
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

WORDS = {
    "summary": "The archive was empty.",
    "root_cause": "A cleaning job removed what it should keep.",
    "result": "All invoices are back.",
    "lessons": "Ask before you clean.",
    "category": "operator",
}


def resolved(by=None, **more) -> Incident:
    by = by or responder(name="Ana")
    incident = services.acknowledge(incident_id=reported(**more).pk, by=by)
    services.note(incident_id=incident.pk, by=by, text="The folder of the archive is empty.")
    services.mitigate(incident_id=incident.pk, by=by)
    return services.resolve(incident_id=incident.pk, by=by, text="Restored from Sunday's copy.")


def written(by=None, **more) -> Review:
    by = by or responder(name="Ana")
    review = services.begin_review(incident_id=resolved(by, **more).pk, by=by)
    return services.write_review(review_id=review.pk, by=by, changes=WORDS)


def submitted(by=None, **more) -> Review:
    by = by or responder(name="Ana")
    return services.submit_review(review_id=written(by, **more).pk, by=by)


def approved(**more) -> Review:
    return services.approve_review(review_id=submitted(**more).pk, by=person(Role.MANAGER))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


# drafting


def test_the_draft_tells_what_the_timeline_holds():
    incident = resolved(services=[ServiceFactory(name="Invoices")], systems=[SystemFactory(name="archive-db")])
    incident.followers.add(person(Role.REPORTER))
    review = services.begin_review(incident_id=incident.pk, by=responder())
    assert review.title == "The invoices are gone."
    assert review.impact == "Affected: Invoices, archive-db. 1 more person had it too."
    assert review.first_check == "The folder of the archive is empty."
    assert review.result == "Restored from Sunday's copy."
    lines = review.handling.splitlines()
    assert [line.split("  ")[1].split(" (")[0].split(":")[0] for line in lines] == [
        f"Reported by {incident.reporter}", "Acknowledged by Ana", "Note", "Mitigated", "Resolved",
    ]  # fmt: skip
    assert (review.root_cause, review.lessons) == ("", ""), "what nobody can read off stays empty"


def test_times_that_are_unknown_or_out_of_order_measure_nothing():
    now = timezone.now()
    incident = Incident(
        reported_at=now, acknowledged_at=now + timedelta(minutes=5), resolved_at=now - timedelta(days=1)
    )
    lengths = {each.name: each.length for each in times_of(incident)}
    expected = {"detect": None, "acknowledge": timedelta(minutes=5), "mitigate": None, "resolve": None}
    assert lengths == expected


def test_a_review_begins_when_the_incident_is_resolved_and_only_once():
    incident, by = reported(), responder()
    with pytest.raises(CannotMove):
        services.begin_review(incident_id=incident.pk, by=by)
    incident = resolved()
    first = services.begin_review(incident_id=incident.pk, by=by)
    incident.refresh_from_db()
    assert incident.state == State.IN_REVIEW
    assert services.begin_review(incident_id=incident.pk, by=responder()) == first


# writing


def test_what_is_written_is_kept_and_the_ledger_knows_only_which_words_changed():
    review = written()
    assert (review.root_cause, review.incident.category) == (WORDS["root_cause"], "operator")
    entry = Entry.objects.filter(verb="review.written").latest("id")
    assert entry.data == {"changed": ["category", "lessons", "result", "root_cause", "summary"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "x" * 161},
        {"summary": "x" * 10_001},
        {"lessons": "a\x00b"},
        {"factors": ["x"] * 21},
        {"factors": ["x" * 501]},
        {"kind": "other"},
        {"category": "weather"},
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(wrong):
    review = written()
    with pytest.raises(Unfit) as refused:
        services.write_review(review_id=review.pk, by=responder(), changes=wrong)
    assert refused.value.fields.keys() == wrong.keys()


def test_the_database_refuses_the_same():
    review = written()
    for wrong in ({"summary": "x" * 10_001}, {"kind": "x"}, {"state": "sent_back"}, {"factors": ["x"] * 21}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**wrong)


def test_nothing_is_sent_for_approval_before_somebody_can_learn_from_it():
    by = responder()
    review = services.begin_review(incident_id=resolved(by).pk, by=by)
    with pytest.raises(Unfit) as refused:
        services.submit_review(review_id=review.pk, by=by)
    assert refused.value.fields.keys() == {"root_cause", "lessons", "category"}


# approving


def test_another_person_approves_it_and_closes_the_incident():
    manager = person(Role.MANAGER)
    review = submitted()
    assert Message.objects.filter(kind="review.waiting", to=manager).count() == 1
    review = services.approve_review(review_id=review.pk, by=manager)
    review.incident.refresh_from_db()
    assert (review.state, review.incident.state) == (ReviewState.APPROVED, State.CLOSED)
    assert list(selectors.cases(manager)) == [review]
    with pytest.raises(ReviewCannotMove):
        services.approve_review(review_id=review.pk, by=manager)
    with pytest.raises(ReviewIsFixed):
        services.write_review(review_id=review.pk, by=responder(), changes=WORDS)


def test_nobody_approves_what_they_wrote_or_were_in_charge_of():
    boss = person(Role.MANAGER)
    own = submitted(by=boss)
    with pytest.raises(OwnReview):
        services.approve_review(review_id=own.pk, by=boss)
    other = submitted()
    Incident.objects.filter(pk=other.incident.pk).update(owner=boss)
    with pytest.raises(OwnReview):
        services.approve_review(review_id=other.pk, by=boss)
    with pytest.raises(NotAllowed):
        services.approve_review(review_id=other.pk, by=responder())


def test_nobody_approves_by_a_program_of_their_own_nor_what_that_wrote():
    boss = person(Role.MANAGER)
    program = create_own_key(person=boss, name="Desk", role=Role.MANAGER, days=1).row.user
    program.groups.add(boss.groups.get())
    for author, other in ((boss, program), (program, boss)):
        review = submitted(by=author)
        with pytest.raises(OwnReview):
            services.approve_review(review_id=review.pk, by=other)
    assert services.approve_review(review_id=submitted().pk, by=program).state == ReviewState.APPROVED


def test_who_was_in_charge_before_commanded_or_had_what_was_merged_into_it_had_a_part_too():
    boss, chief, other = (person(Role.MANAGER) for _each in range(3))
    incident, twin = (services.acknowledge(incident_id=reported().pk, by=each) for each in (boss, other))
    services.merge(incident_id=twin.pk, into_id=incident.pk, by=boss)
    services.assign(incident_id=incident.pk, by=boss, to=responder())
    services.declare_major(incident_id=incident.pk, by=boss, reason="All invoices.", commander=chief)
    services.stand_down(incident_id=incident.pk, by=boss, reason="Half of them are back.")
    services.resolve(incident_id=incident.pk, by=boss, text="Restored.")
    writer = responder()
    review = services.begin_review(incident_id=incident.pk, by=writer)
    services.write_review(review_id=review.pk, by=writer, changes=WORDS)
    services.submit_review(review_id=review.pk, by=writer)
    for each in (boss, chief, other):
        with pytest.raises(OwnReview):
            services.approve_review(review_id=review.pk, by=each)


def test_the_database_refuses_who_wrote_it():
    review = submitted()
    with pytest.raises(IntegrityError, match="review_is_approved_by_another"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(
            state=ReviewState.APPROVED, approved_at=timezone.now(), approved_by=review.author
        )


def test_the_database_keeps_an_approved_one_as_it_is_but_for_people_who_left():
    review = approved()
    for wrong in ({"lessons": "None."}, {"state": "draft"}, {"approved_by": review.author}):
        with pytest.raises(IntegrityError, match="not changed any more"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="not changed any more"), transaction.atomic():
        Review.objects.filter(pk=review.pk)._raw_delete("default")
    assert Review.objects.filter(pk=review.pk).update(approved_by=None) == 1


def test_a_substitute_approves_for_a_manager_who_is_away_unless_that_manager_wrote_it():
    now, day = timezone.now(), timedelta(days=1)
    boss, deputy = person(Role.MANAGER), responder()
    people.plan_absence(person=boss, substitute=deputy, starts_at=now - day, ends_at=now + day, by="system:tests")
    own, other = submitted(by=boss), submitted()
    with pytest.raises(OwnReview):
        services.approve_review(review_id=own.pk, by=deputy)
    assert services.approve_review(review_id=other.pk, by=deputy).approved_by == deputy


def test_what_is_not_good_enough_goes_back_with_the_reason():
    manager, by = person(Role.MANAGER), responder()
    review = submitted(by=by)
    with pytest.raises(Unfit):
        services.send_back_review(review_id=review.pk, by=manager, reason=" ")
    review = services.send_back_review(review_id=review.pk, by=manager, reason="Say which job.")
    assert Message.objects.filter(kind="review.sent_back", to=by).exists()
    services.write_review(review_id=review.pk, by=by, changes={"root_cause": "The nightly cleaning job."})
    assert services.submit_review(review_id=review.pk, by=by).state == ReviewState.IN_REVIEW


def test_severe_and_major_incidents_are_closed_by_a_review_others_need_none(settings):
    by = responder()
    plain, severe = resolved(by), resolved(by)
    Incident.objects.filter(pk=severe.pk).update(severity=2)
    assert services.close(incident_id=plain.pk, by=by).state == State.CLOSED
    with pytest.raises(NeedsReview):
        services.close(incident_id=severe.pk, by=by)
    Incident.objects.filter(pk=severe.pk).update(severity=4, is_major=True)
    with pytest.raises(NeedsReview):
        services.close(incident_id=severe.pk, by=by)
    settings.REVIEW_REQUIRED_SEVERITY = 0
    assert services.close(incident_id=severe.pk, by=by).state == State.CLOSED


# pages


def posted(review, form=None, **more):
    form = form or {}
    return {"version": review.version, "title": review.title, "kind": review.kind, **WORDS, **form, **more}


def test_it_is_begun_written_and_sent_on_its_pages():
    by, incident = responder(), resolved()
    client = signed_in(by)
    editor = client.post(f"/incidents/{incident.reference}/review/begin/", follow=True)
    assert "What is there to learn?" in editor.text
    review = Review.objects.get()
    answer = client.post(f"/incidents/{incident.reference}/review/edit/", {**posted(review), "send": ""}, follow=True)
    assert "Waits for approval" in answer.text
    assert "Somebody else has to approve it." in answer.text
    manager = signed_in(person(Role.MANAGER))
    page = manager.get(f"/incidents/{incident.reference}/review/")
    version = page.context["review"].version
    case = manager.post(f"/incidents/{incident.reference}/review/approve/", {"version": version}, follow=True)
    assert case.redirect_chain[-1][0] == f"/cases/{incident.reference}/"
    assert "Ask before you clean." in case.text


def test_who_was_faster_is_shown_and_nothing_that_was_typed_is_lost():
    review = written()
    client = signed_in(responder())
    address = f"/incidents/{review.incident.reference}/review/edit/"
    seen = client.get(address).context["form"].initial
    services.write_review(
        review_id=review.pk, by=responder(name="Bo"), changes={"lessons": "Theirs.", "impact": "Theirs too."}
    )
    answer = client.post(address, {**seen, "lessons": "Mine.", "went_well": "Mine too."})
    assert answer.status_code == 412
    form = answer.context["form"]
    assert form.theirs == {"lessons": "Theirs."}
    values = {name: form[name].value() for name in ("lessons", "impact", "went_well")}
    assert values == {"lessons": "Mine.", "impact": "Theirs too.", "went_well": "Mine too."}
    assert "Bo wrote here in the meantime" in answer.text
    again = {field.name: field.value() for field in form}
    assert client.post(address, again).status_code == 302
    review.refresh_from_db()
    assert (review.lessons, review.impact, review.went_well) == ("Mine.", "Theirs too.", "Mine too.")


@pytest.mark.parametrize("seen", ["[", "[1]", "7", '{"lessons": 7}', json.dumps({"a": "b"}), "[" * 1500])
def test_whatever_a_form_claims_to_have_seen_is_harmless(seen):
    review = written()
    address = f"/incidents/{review.incident.reference}/review/edit/"
    answer = signed_in(responder()).post(address, posted(review, version=0, seen=seen))
    assert answer.status_code == 412


def test_cases_are_found_by_their_words_in_both_languages_and_only_by_those_who_work():
    manager = person(Role.MANAGER)
    chinese, english = submitted(), approved()
    Review.objects.filter(pk=chinese.pk).update(lessons="清理之前先核对归档目录。", root_cause="")
    services.approve_review(review_id=chinese.pk, by=person(Role.MANAGER))
    client = signed_in(manager)
    for words, found, other in (("归档", chinese, english), ("clean", english, chinese)):
        page = client.get("/cases/", {"q": words}).text
        assert (f"/cases/{found.incident.reference}/" in page, other.incident.reference in page) == (True, False)
    assert all(client.get(f"/cases/?year={year}").status_code == 200 for year in ("030001", "0000", "9999", "٢٠٢٦"))
    page = client.get("/cases/?category=operator&kind=failure&year=2001&service=x&page=99")
    assert page.status_code == 200
    for role in (Role.REPORTER, Role.REVIEWER):
        outsider = signed_in(person(role))
        assert outsider.get("/cases/").status_code == 404
        assert outsider.get(f"/cases/{english.incident.reference}/").status_code == 404


def test_the_library_takes_the_same_queries_however_much_is_in_it():
    client = signed_in(person(Role.AUDITOR))
    approved(services=[ServiceFactory()])
    client.get("/cases/")
    with CaptureQueriesContext(connection) as few:
        client.get("/cases/")
    for _each in range(3):
        approved(services=[ServiceFactory()])
    with CaptureQueriesContext(connection) as many:
        client.get("/cases/")
    assert len(many) == len(few)


def test_a_restricted_case_is_not_there_for_others():
    review = approved()
    Incident.objects.filter(pk=review.incident.pk).update(is_restricted=True)
    assert signed_in(responder()).get(f"/cases/{review.incident.reference}/").status_code == 404
    assert signed_in(person(Role.AUDITOR)).get(f"/cases/{review.incident.reference}/").status_code == 200


def test_what_waits_is_on_my_work():
    by, manager = responder(), person(Role.MANAGER)
    written(by=by)
    now = timezone.now()
    assert [item.title for item in selectors.work_of(by, now)] == ["Finish the review"]
    submitted()
    assert [item.title for item in selectors.work_of(manager, now)] == ["Approve the review"]
