"""Ways to reach people: kept sealed, proven by a code, shown only as far as the reader may see."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.secrets import unseal
from ledger.models import Entry
from people import services
from people.choices import Role
from people.errors import (
    CodeTooSoon,
    ContactExists,
    NotAPerson,
    NothingCanBeSent,
    TooManyContacts,
    WrongCode,
    WrongDetails,
)
from people.models import ContactMethod
from people.selectors import address_shown, address_to_send, verified_contacts
from people.signals import CONTACT_TO_VERIFY
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
TESTS = "system:tests"
JSON = "application/json"
APP = "ntfys://tk_Very-Secret-Token@push.example.org/on-call"


@pytest.fixture
def codes(monkeypatch) -> list[str]:
    """The codes that leave the house, the latest last."""
    sent: list[str] = []
    listening = CONTACT_TO_VERIFY.receivers | {
        "tests.codes": lambda contact_id, sealed_code: sent.append(unseal(sealed_code))
    }
    monkeypatch.setattr(CONTACT_TO_VERIFY, "receivers", listening)
    return sent


def contact(who=None, kind="email", address="ana@home.example.org", **more) -> ContactMethod:
    return services.add_contact(person=who or person(), kind=kind, address=address, by=TESTS, **more)


def test_an_address_of_an_app_is_sealed_and_shown_to_nobody():
    browser = signed_in(Role.ADMINISTRATOR)
    row = contact(browser.person, "app", APP, name="Phone")

    assert address_to_send(row) == APP
    assert row.address == "ntfys://••••••.example.org"
    stored = ContactMethod.objects.values().get()
    assert "Secret" not in str(stored) and "on-call" not in str(stored)  # noqa: PT018
    assert "Secret" not in str(list(Entry.objects.values()))
    for page in ("/account/", f"/api/v1/contact-methods/{row.pk}/", "/admin/people/contactmethod/"):
        assert "Very-Secret" not in browser.get(page).content.decode()


def test_tokens_where_a_server_stands_are_no_part_of_what_is_shown():
    assert contact(kind="app", address="discord://id.abc.def/token").address == "discord://••••••"


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "nothing"), ("email", "a@b"), ("email", "a\n@example.org"), ("email", "x" * 300 + "@example.org"),
        ("phone", "call me"), ("phone", "+4"), ("phone", "1" * 30), ("phone", "\0123456"), ("app", "ntfy"),
        ("app", "file:///etc/passwd"), ("app", "exec://reboot"), ("app", "json://169.254.169.254/"), ("app", "ntfy://"),
        ("app", "ntfy://a b"), ("app", "ntfy://" + "x" * 600), ("app", "NTFY://x"), ("app", "ntfy://é"),
        ("pigeon", "x"), ("", ""),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_by_name_and_not_repeated(kind, address):
    with pytest.raises(WrongDetails) as refused:
        contact(kind=kind, address=address)

    assert set(refused.value.fields) & {"kind", "address"}
    assert not ContactMethod.objects.exists()


def test_numbers_are_kept_as_digits_and_never_sent_to(codes):
    row = contact(kind="phone", address="+49 (30) 123-45.67")

    assert row.address == "+49301234567"
    with pytest.raises(NothingCanBeSent):
        services.send_code(contact_id=row.pk, by=TESTS)
    assert codes == []


@pytest.mark.parametrize(("kind", "address"), [("email", "ANA@home.example.org"), ("app", APP)])
def test_one_address_is_there_once_a_person(kind, address):
    ana = person()
    contact(ana, kind, address.lower() if kind == "email" else address)

    with pytest.raises(ContactExists):
        contact(ana, kind, address)
    contact(person(), kind, address)  # somebody else may share it


def test_there_are_at_most_ten_and_none_of_programs():
    ana = person()
    for number in range(10):
        contact(ana, address=f"a{number}@example.org")

    with pytest.raises(TooManyContacts):
        contact(ana)
    with pytest.raises(NotAPerson):
        contact(services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row.user)


def test_the_code_that_came_back_proves_the_address_and_counts_once(codes):
    row = contact()
    services.send_code(contact_id=row.pk, by=row.person)
    assert not verified_contacts(row.person).exists()

    proven = services.verify_contact(contact_id=row.pk, code=f" {codes[0]} ", by=row.person)

    assert proven.verified_at
    assert list(verified_contacts(row.person)) == [row]
    with pytest.raises(WrongCode):
        services.verify_contact(contact_id=row.pk, code=codes[0], by=row.person)


def test_the_code_stands_nowhere_in_the_database(codes):
    row = contact()
    services.send_code(contact_id=row.pk, by=TESTS)

    assert len(codes[0]) == 6
    assert codes[0] not in str(list(Entry.objects.values_list("data", flat=True)))
    assert codes[0] not in str(ContactMethod.objects.values().get()["code_hash"])


def test_after_five_wrong_tries_the_right_code_is_wrong_too(codes):
    row = contact()
    services.send_code(contact_id=row.pk, by=TESTS)
    wrong = f"{(int(codes[0]) + 1) % 10**6:06}"

    for _ in range(5):
        with pytest.raises(WrongCode):
            services.verify_contact(contact_id=row.pk, code=wrong, by=TESTS)
    with pytest.raises(WrongCode):
        services.verify_contact(contact_id=row.pk, code=codes[0], by=TESTS)

    row.refresh_from_db()
    assert row.verified_at is None


@pytest.mark.parametrize("headers", [{"Idempotency-Key": "{}"}, {"If-Match": '"1"'}], ids=["with a key", "if match"])
def test_tries_over_the_api_are_counted_whatever_comes_with_them(codes, headers):
    browser = signed_in(Role.REPORTER)
    row = contact(browser.person)
    services.send_code(contact_id=row.pk, by=TESTS)
    for code in [*[f"{(int(codes[0]) + 1) % 10**6:06}"] * 5, codes[0]]:
        given = {name: value.format(code) for name, value in headers.items()}
        answer = browser.post(f"/api/v1/contact-methods/{row.pk}/verify/", {"code": code}, JSON, headers=given)
        assert (answer.status_code, answer.json()["code"]) == (400, "wrong_code")

    row.refresh_from_db()
    assert (row.code_tries, row.verified_at) == (6, None)


def test_a_code_ends_after_a_quarter_of_an_hour_and_with_the_next_one(codes):
    row = contact()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        services.send_code(contact_id=row.pk, by=TESTS)
        clock.shift(timedelta(minutes=15))
        with pytest.raises(WrongCode):
            services.verify_contact(contact_id=row.pk, code=codes[0], by=TESTS)
        services.send_code(contact_id=row.pk, by=TESTS)
        if codes[0] != codes[1]:
            with pytest.raises(WrongCode):
                services.verify_contact(contact_id=row.pk, code=codes[0], by=TESTS)
        assert services.verify_contact(contact_id=row.pk, code=codes[1], by=TESTS).verified_at


def test_codes_are_one_a_minute_and_six_an_hour_for_all_addresses_of_a_person(codes):
    ana = person()
    rows = [contact(ana, address=f"a{number}@example.org") for number in range(7)]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        services.send_code(contact_id=rows[0].pk, by=ana)
        with pytest.raises(CodeTooSoon):
            services.send_code(contact_id=rows[0].pk, by=ana)
        for row in rows[1:6]:
            services.send_code(contact_id=row.pk, by=ana)
        with pytest.raises(CodeTooSoon):
            services.send_code(contact_id=rows[6].pk, by=ana)
        clock.shift(timedelta(minutes=61))
        services.send_code(contact_id=rows[6].pk, by=ana)
    assert len(codes) == 7


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.REPORTER, ""), (Role.REVIEWER, ""), (Role.RESPONDER, "ana@home.example.org"),
        (Role.MANAGER, "ana@home.example.org"), (Role.AUDITOR, "a•••@home.example.org"),
        (Role.ADMINISTRATOR, "ana@home.example.org"),
    ],
)  # fmt: skip
def test_each_role_sees_as_much_of_an_address_as_the_matrix_says(role, shown):
    row = contact(name="private")
    browser = signed_in(role)

    found = browser.get(f"/api/v1/contact-methods/{row.pk}/").json()

    assert found["address"] == shown
    assert found["name"] == ("private" if shown else "")
    assert address_shown(row, to=row.person) == "ana@home.example.org"


def test_only_the_person_proves_an_address_and_only_they_and_administrators_change_it(codes):
    row = contact()
    services.send_code(contact_id=row.pk, by=TESTS)
    path = f"/api/v1/contact-methods/{row.pk}/"

    stranger, admin = signed_in(Role.RESPONDER), signed_in(Role.ADMINISTRATOR)
    assert stranger.delete(path).status_code == 403
    assert stranger.post(f"/account/contacts/{row.pk}/verify/", {"code": codes[0]}).status_code == 404
    assert admin.post(f"{path}verify/", {"code": codes[0]}, "application/json").status_code == 403
    assert admin.delete(path).status_code == 204
    assert not ContactMethod.objects.exists()


def test_the_page_leads_from_the_address_to_the_proof(codes):
    browser = signed_in(Role.REPORTER)

    answer = browser.post("/account/contacts/add/", {"kind": "email", "address": "ana@home.example.org", "name": ""})
    refused = browser.post(answer["Location"], {"code": "nonsense"})
    done = browser.post(answer["Location"], {"code": codes[0]}, follow=True)

    assert "not right" in refused.content.decode()
    assert "You are reached there from now on." in done.content.decode()
    assert ContactMethod.objects.get().verified_at


def test_the_database_itself_refuses_an_app_in_clear_and_a_code_in_clear():
    row = contact()
    for wrong in ({"kind": "app"}, {"secret": "x"}, {"kind": "x"}, {"code_hash": "123456"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactMethod.objects.filter(pk=row.pk).update(**wrong)
