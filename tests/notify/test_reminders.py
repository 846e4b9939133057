"""Reminders speak in time, in working hours, once, and do not give up before somebody acts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import Site
from config.environment import WorkingHours
from ledger.models import Entry
from notify.choices import Audience, DeliveryState
from notify.ladders import Rung, moment_of, quiet_until, rungs_of
from notify.models import Delivery, Message, Reminder
from notify.services import cancel_reminders, remind, remind_due
from people.choices import Role
from people.models import User
from people.selectors import working_hours

pytestmark = pytest.mark.django_db

#: A Monday.
TODAY = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
DUE = date(2027, 3, 31)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def today(monkeypatch, settings):
    settings.ORGANISATION_TIME_ZONE = "UTC"
    settings.WORKING_HOURS = WorkingHours(frozenset(range(5)), time(9), time(17))
    monkeypatch.setattr("notify.services.reminding.timezone.now", lambda: TODAY)


@pytest.fixture
def site():
    return Site.objects.create(name="Harbour")


@pytest.fixture
def boss(db):
    found = User.objects.create_user("boss", name="Bo Ss", email="boss@example.org")
    found.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    return found


def on(month, day, hour=10):
    return datetime(2027, month, day, hour, tzinfo=UTC)


def told(person):
    return list(Message.objects.filter(to=person).order_by("created_at").values_list("subject", flat=True))


def test_the_ladder_runs_from_days_before_to_days_after(site, ada):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    assert Reminder.objects.get().next_at == on(3, 17, 9)
    for at in (on(3, 16), on(3, 17), on(3, 26), on(3, 31), on(4, 5)):
        remind_due(now=at)
    assert told(ada) == [
        "Due in 14 days: Harbour", "Due in 5 days: Harbour", "Due today: Harbour", "5 days late: Harbour",
    ]  # fmt: skip


def test_a_sweep_twice_says_it_once(site, ada):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    assert [remind_due(now=on(3, 17)), remind_due(now=on(3, 17))] == [1, 0]
    assert len(told(ada)) == 1


def test_after_a_long_outage_one_message_says_how_late(site, ada, boss):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    remind_due(now=on(6, 1))
    assert told(ada) == ["62 days late: Harbour"]
    assert "should have come on" in Message.objects.get(to=ada).body
    assert told(boss) == ["62 days late: Harbour"]
    assert Reminder.objects.get().next_at is None


def test_what_is_not_done_a_week_later_goes_above_the_owner(site, ada, boss):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada], ladder=[0, Rung(7, Audience.MANAGER)])
    remind_due(now=on(3, 31))
    assert told(boss) == []
    remind_due(now=on(4, 7))
    assert told(boss) == told(ada)[1:] == ["7 days late: Harbour"]
    assert "Ada Lovelace is in charge" in Message.objects.get(to=boss).body
    assert Entry.objects.filter(verb="reminder.escalated").count() == 1


def test_an_owner_who_left_is_replaced_by_the_administrators(site, ada, boss):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    User.objects.filter(pk=ada.pk).update(is_active=False)
    remind_due(now=on(3, 17))
    assert (told(ada), told(boss)) == ([], ["Due in 14 days: Harbour"])


def test_what_nobody_owns_reminds_the_administrators(site, boss):
    assert [each.to for each in remind(subject=site, kind="test.due", due_at=DUE, to=[None])] == [boss]


def test_nobody_is_woken_at_night_or_on_a_day_off(site, ada):
    ada.time_zone = "Asia/Tokyo"
    ada.save()
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    remind_due(now=on(3, 17, 14))  # 23:00 in Tokyo
    assert (told(ada), Reminder.objects.get().next_at) == ([], on(3, 18, 0))
    remind_due(now=on(3, 18, 0))
    assert told(ada) == ["Due in 13 days: Harbour"]


def test_a_moved_date_starts_the_ladder_again(site, ada):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    remind_due(now=on(3, 17))
    remind(subject=site, kind="test.due", due_at=DUE + timedelta(days=30), to=[ada])
    assert remind_due(now=on(3, 28)) == 0
    remind_due(now=on(4, 16))
    assert told(ada) == ["Due in 14 days: Harbour", "Due in 14 days: Harbour"]


def test_set_again_for_the_same_day_says_nothing_twice(site, ada):
    for _ in range(2):
        remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
        remind_due(now=on(3, 17))
    assert (len(told(ada)), Reminder.objects.count()) == (1, 1)


def test_another_owner_takes_the_reminder_over(site, ada, chen):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    remind(subject=site, kind="test.due", due_at=DUE, to=[chen])
    remind_due(now=on(3, 17))
    assert (told(ada), len(told(chen))) == ([], 1)


def test_what_is_late_already_is_told_at_once_and_what_passed_is_not_made_up_for(site, ada):
    remind(subject=site, kind="test.late", due_at=date(2027, 2, 26), to=[ada])
    remind(subject=site, kind="test.soon", due_at=date(2027, 3, 3), to=[ada])
    assert remind_due(now=TODAY) == 1
    assert told(ada) == ["3 days late: Harbour"]


def test_cancelled_nothing_more_is_said_and_nothing_more_is_sent(site, ada, settings):
    settings.EMAIL_CONFIGURED = True
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    remind_due(now=on(3, 17))
    assert [cancel_reminders(subject=site), cancel_reminders(subject=site)] == [1, 0]
    assert remind_due(now=on(4, 30)) == 0
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()


def test_one_kind_is_cancelled_alone_and_may_come_back(site, ada):
    for kind in ("test.due", "test.other"):
        remind(subject=site, kind=kind, due_at=DUE, to=[ada])
    cancel_reminders(subject=site, kind="test.due")
    assert remind_due(now=on(3, 17)) == 1
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada])
    assert Reminder.objects.filter(next_at=None).count() == 0


def test_one_that_cannot_be_said_holds_up_no_other(site, ada, chen):
    remind(subject=site, kind="test.due", due_at=DUE, to=[ada, chen])
    Reminder.objects.filter(to=ada).update(ladder=[["x"]])
    remind_due(now=on(3, 17))
    assert (told(ada), len(told(chen))) == ([], 1)
    broken = Reminder.objects.get(to=ada)
    assert broken.last_error
    assert broken.next_at == on(3, 17, 11)


def test_rungs_keep_their_hour_when_clocks_change():
    due = datetime(2027, 4, 12, 12, tzinfo=UTC)
    moments = [moment_of(Rung(days), due, working_hours(BERLIN)) for days in (-21, -3)]
    assert [at.astimezone(UTC) for at in moments] == [on(3, 22, 8), on(4, 9, 7)]


def test_before_a_day_off_it_speaks_earlier_after_one_later():
    sunday = datetime(2027, 3, 28, 12, tzinfo=UTC)
    assert moment_of(Rung(0), sunday, working_hours(UTC)) == on(3, 26, 9)
    assert moment_of(Rung(6), sunday, working_hours(UTC)) == on(4, 5, 9)


def test_what_is_due_before_work_begins_speaks_the_day_before():
    assert moment_of(Rung(0), on(3, 31, 6), working_hours(UTC)) == on(3, 30, 9)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (on(3, 1, 3), on(3, 1, 9)), (on(3, 1, 9), None), (on(3, 1, 16), None),
        (on(3, 1, 17), on(3, 2, 9)), (on(3, 5, 20), on(3, 8, 9)), (on(3, 6, 12), on(3, 8, 9)),
    ],
)  # fmt: skip
def test_quiet_hours_end_as_work_begins(now, opens):
    assert quiet_until(now, working_hours(UTC)) == opens


@pytest.mark.parametrize("ladder", [[], [0, 0]])
def test_a_ladder_that_says_nothing_is_refused(ladder):
    with pytest.raises(ValueError, match="ladder"):
        rungs_of(ladder)


def test_the_database_keeps_one_reminder_a_person(site, ada):
    reminder = remind(subject=site, kind="test.due", due_at=DUE, to=[ada])[0]
    reminder.pk = None
    reminder._state.adding = True
    with pytest.raises(IntegrityError, match="reminder_is_one"), transaction.atomic():
        reminder.save()


def test_what_is_not_due_costs_nothing(site, ada):
    """The sweep reads by an index that holds only what has more to say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_reminder (id, created_at, kind, subject_type, subject_id, subject_label, subject_url,"
            " to_id, due_at, ladder, context, rung, next_at, last_error)"
            " SELECT gen_random_uuid(), now(), 'test.due', 'x', n::text, 'x', '', %s, %s, '[[0, \"owner\"]]', '{}', 0,"
            " timestamptz '2030-01-01' + n * interval '1 minute', '' FROM generate_series(1, 10000) n",
            [ada.pk, on(3, 31)],
        )
        cursor.execute("ANALYZE notify_reminder")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert remind_due(now=TODAY) == 0
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + next(q["sql"] for q in queries if "FOR UPDATE" in q["sql"]))
        assert "reminder_next" in "".join(row[0] for row in cursor.fetchall())
