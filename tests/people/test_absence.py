"""Who is away, and who acts for them: chains, circles, ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ledger.models import Entry
from people import services
from people.choices import Role
from people.errors import AbsenceOver, AlreadyAbsent, NotAPerson, OwnSubstitute
from people.models import Absence
from people.selectors import absent_now, acting_for, stand_in, with_stand_ins
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
TESTS = "system:tests"
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def away(who, substitute=None, *, now: datetime, after=-DAY, days=2) -> Absence:
    starts = now + after
    return services.plan_absence(
        person=who, substitute=substitute, starts_at=starts, ends_at=starts + days * DAY, by=TESTS
    )


def test_the_substitute_acts_from_the_first_moment_to_the_last(now):
    ana, bo = person(), person()
    absence = away(ana, bo, now=now)

    for moment, acts in [(absence.starts_at, bo), (absence.ends_at - timedelta(microseconds=1), bo)]:
        assert stand_in(ana, moment) == acts
        assert acting_for(bo, moment) == {ana.pk}
    for moment in (absence.starts_at - timedelta(microseconds=1), absence.ends_at):
        assert stand_in(ana, moment) is None
        assert acting_for(bo, moment) == set()


def test_a_substitute_who_is_away_too_is_followed_to_theirs(now):
    ana, bo, cy = person(), person(), person()
    away(ana, bo, now=now)
    away(bo, cy, now=now)

    assert stand_in(ana, now) == cy
    assert acting_for(cy, now) == {ana.pk, bo.pk}
    assert acting_for(bo, now) == set()


@pytest.mark.parametrize("length", [2, 3, 7])
def test_in_a_circle_nobody_acts_and_nothing_runs_for_ever(now, length):
    ring = [person() for _ in range(length)]
    outside = person()
    for one, following in zip(ring, [*ring[1:], ring[0]], strict=True):
        away(one, following, now=now)
    away(outside, ring[0], now=now)

    assert set(absent_now(now).values()) == {None}
    assert all(acting_for(one, now) == set() for one in ring)


def test_who_left_stands_in_for_nobody_and_the_absence_says_so(now):
    ana, bo = person(), person()
    absence = away(ana, bo, now=now)

    services.deactivate(person_id=bo.pk, by=TESTS)

    absence.refresh_from_db()
    assert absence.substitute is None
    assert stand_in(ana, now) is None
    assert Entry.objects.filter(verb="absence.substitute_left", subject_id=str(absence.pk)).count() == 1


def test_being_back_early_ends_it_once(now):
    ana, bo = person(), person()
    absence = away(ana, bo, now=now)

    for _ in range(2):
        services.end_absence(absence_id=absence.pk, by=ana)

    assert stand_in(ana, timezone.now()) is None
    assert Entry.objects.filter(verb="absence.ended").count() == 1
    away(ana, bo, now=now, after=timedelta(hours=1))  # the time is free again


@pytest.mark.parametrize(
    ("after", "days"),
    [(-3 * DAY, 2), (DAY, 0), (DAY, -1), (DAY, 800), (timedelta(days=3000), 2), (timedelta(days=-3000), 3100)],
)
def test_times_that_help_nobody_are_refused(now, after, days):
    with pytest.raises(AbsenceOver):
        away(person(), now=now, after=after, days=days)
    assert not Absence.objects.exists()


def test_moments_at_the_ends_of_the_calendar_are_refused():
    with pytest.raises(AbsenceOver):
        services.plan_absence(
            person=person(),
            starts_at=datetime.min.replace(tzinfo=UTC),
            ends_at=datetime.max.replace(tzinfo=UTC),
            by=TESTS,
        )


def test_two_absences_at_once_an_own_substitute_and_a_program_are_refused(now):
    ana, robot = person(), services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row.user
    away(ana, now=now)

    with pytest.raises(AlreadyAbsent):
        away(ana, now=now, after=timedelta(hours=1))
    with pytest.raises(OwnSubstitute):
        away(ana, ana, now=now, after=5 * DAY)
    for nobody in [(robot, None), (person(), robot)]:
        with pytest.raises(NotAPerson):
            away(*nobody, now=now, after=5 * DAY)


def test_the_database_itself_refuses_absences_that_cannot_be(now):
    ana = person()
    for wrong in ({"ends_at": now}, {"ends_at": now + DAY, "substitute": ana}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(person=ana, starts_at=now, **wrong)


def test_those_who_are_told_are_joined_by_whoever_acts_for_them_each_once(now, django_assert_max_num_queries):
    ana, bo, cy = person(), person(), person()
    away(ana, bo, now=now)
    away(cy, bo, now=now)

    with django_assert_max_num_queries(2):
        assert with_stand_ins([ana, cy], now) == [ana, cy, bo]
    assert with_stand_ins([ana, bo], now) == [ana, bo]


def test_a_person_plans_whole_days_of_the_own_zone_on_the_page():
    browser = signed_in(Role.REPORTER, time_zone="Asia/Shanghai", name="Ana")
    bo = person(name="Bo")

    answer = browser.post(
        "/account/absences/plan/", {"first_day": "2027-02-01", "last_day": "2027-02-01", "substitute": bo.pk}
    )

    assert answer.status_code == 302
    absence = Absence.objects.get()
    assert absence.starts_at == datetime(2027, 1, 31, 16, tzinfo=UTC)
    assert absence.ends_at == datetime(2027, 2, 1, 16, tzinfo=UTC)
    assert "Bo acts for you" in browser.get("/account/").content.decode()


def test_both_see_on_their_page_who_acts_for_whom(now):
    browser, other = signed_in(Role.REPORTER, name="Ana"), signed_in(Role.REPORTER, name="Bo")
    away(browser.person, other.person, now=now)

    assert "Bo acts for you" in browser.get("/account/").content.decode()
    assert "You act for Ana" in other.get("/account/").content.decode()
    assert "Bo acts meanwhile" in other.get("/people/").content.decode()


@pytest.mark.parametrize(
    "days",
    [
        {"first_day": "2027-02-02", "last_day": "2027-02-01"}, {"first_day": "9999-12-31", "last_day": "9999-12-31"},
        {"first_day": "0001-01-01", "last_day": "2027-01-01"}, {"first_day": "soon", "last_day": ""},
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_said_beside_their_input(days):
    answer = signed_in(Role.REPORTER).post("/account/absences/plan/", days)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Absence.objects.exists()


def test_managers_plan_for_their_own_people_and_for_nobody_else(now):
    mia, ana, bo = signed_in(Role.MANAGER), person(), person()
    services.add_team(name="Archive", manager=mia.person, members=[ana], by=TESTS)
    times = {"starts_at": (now + DAY).isoformat(), "ends_at": (now + 2 * DAY).isoformat()}

    def ask(who):
        body = {"person": str(who.pk), **times}
        return mia.post("/api/v1/absences/", body, "application/json").status_code

    assert (ask(ana), ask(bo), ask(mia.person)) == (201, 403, 201)
