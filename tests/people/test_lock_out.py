"""Five wrong passwords or codes, and the door is locked for fifteen minutes; one count for both."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from ledger.models import Entry
from people.choices import Role
from tests.people.test_sign_in import SIGN_IN, sign_in
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db


def fail(client: Client, times: int, login: str = "ana"):
    for _each in range(times):
        answer = sign_in(client, login, "wrong")
    return answer


@pytest.fixture
def ana():
    return person(Role.RESPONDER, username="ana", email="ana@example.org", password=PASSWORD)


def test_the_fifth_failure_locks_and_says_so(ana):
    client = Client()
    assert fail(client, 4).status_code == 200

    answer = fail(client, 1)

    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()


def test_while_locked_even_the_right_password_is_refused(ana):
    client = Client()
    fail(client, 5)

    answer = sign_in(client, "ana")

    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_attempts_while_locked_do_not_make_it_longer(ana):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(Client(), 5)
        clock.shift(timedelta(minutes=14))
        fail(Client(), 2)
        clock.shift(timedelta(minutes=1, seconds=1))

        assert sign_in(Client(), "ana").status_code == 302


def test_name_and_address_are_counted_as_one_person(ana):
    client = Client()
    fail(client, 3, "ana")

    assert fail(client, 2, "ANA@example.org").status_code == 429


def test_a_success_starts_the_count_again(ana):
    client = Client()
    fail(client, 4)
    sign_in(client, "ana")
    client.post("/accounts/logout/")

    assert fail(client, 4).status_code == 200


def test_somebody_elsewhere_cannot_lock_a_person_out(ana):
    attacker = Client(REMOTE_ADDR="203.0.113.7")
    fail(attacker, 5)

    assert sign_in(Client(REMOTE_ADDR="198.51.100.1"), "ana").status_code == 302


def test_other_people_at_the_same_address_still_get_in(ana):
    person(Role.REPORTER, username="ben", password=PASSWORD)
    client = Client()
    fail(client, 5)

    assert sign_in(client, "ben").status_code == 302


def test_the_lock_is_in_the_ledger_once(ana):
    fail(Client(), 8)

    verbs = list(Entry.objects.filter(subject_id=str(ana.pk)).values_list("verb", flat=True))

    assert verbs.count("person.locked_out") == 1
    assert verbs.count("person.sign_in_failed") == 5


def test_what_was_typed_as_a_name_nobody_has_is_not_kept(ana):
    from axes.models import AccessAttempt

    fail(Client(), 1, "my-secret-password")

    attempt = AccessAttempt.objects.get()
    assert "my-secret-password" not in f"{attempt.username} {attempt.post_data} {attempt.get_data}"


def test_the_sign_in_page_itself_stays_open(ana):
    client = Client()
    fail(client, 5)

    assert client.get(SIGN_IN).status_code == 200
