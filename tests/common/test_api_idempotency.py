"""A request that is sent again is answered again, and its work is done once."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from backups.models import Run
from catalog.models import Service
from common.models import KeptAnswer
from common.rest.idempotency import forget_old
from common.secrets import seal, unseal
from people.choices import Role
from people.services import create_api_key
from tests.backups import rows
from tests.incidents.factories import reported
from tests.support.people import signed_in, with_key

pytestmark = pytest.mark.django_db

SERVICES = "/api/v1/services/"


@pytest.fixture
def editor():
    return with_key(Role.ADMINISTRATOR)


def post(client, path, body=None, key="one"):
    return client.post(path, body or {}, "application/json", headers={"Idempotency-Key": key})


def test_the_same_request_is_done_once_and_answered_twice(editor):
    first, again = (post(editor, SERVICES, {"name": "Payroll"}) for _each in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Service.objects.count() == 1


def test_what_is_asked_for_is_queued_once(editor):
    address = f"/api/v1/backup-policies/{rows.policy().pk}/run/"
    first, again = post(editor, address), post(editor, address)

    assert first.status_code == 202
    assert (again.json(), again["Location"]) == (first.json(), first["Location"])
    assert Run.objects.count() == 1


def test_another_body_with_the_same_key_is_refused(editor):
    post(editor, SERVICES, {"name": "Payroll"})
    answer = post(editor, SERVICES, {"name": "Invoices"})

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Service.objects.get().name == "Payroll"


def test_a_key_is_one_callers_and_one_addresss(editor):
    post(editor, SERVICES, {"name": "Payroll"})

    assert post(editor, "/api/v1/sites/", {"name": "Payroll"}).status_code == 201
    assert post(signed_in(Role.ADMINISTRATOR), SERVICES, {"name": "Invoices"}).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "two words", "x" * 256, "clé", "a\tb"])
def test_a_key_that_is_none_is_refused_and_nothing_is_done(editor, key):
    answer = post(editor, SERVICES, {"name": "Payroll"}, key)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")
    assert not Service.objects.exists()


def test_a_refusal_is_not_kept_because_it_changed_nothing(editor):
    assert post(editor, SERVICES, {"name": ""}).status_code == 400
    assert not KeptAnswer.objects.exists()
    assert post(editor, SERVICES, {"name": "Payroll"}).status_code == 201


KEY = ("/api/v1/api-keys/", {"name": "Monitoring", "role": "Reporter"}, "key")
HOOK = ("/api/v1/channels/", {"name": "Pager", "kind": "hook", "address": "https://hooks.example.org/x"}, "secret")


@pytest.mark.parametrize(("address", "new", "secret"), [KEY, HOOK], ids=["key", "web hook"])
def test_a_secret_that_is_shown_once_is_not_kept_and_not_given_again(editor, address, new, secret):
    first, again = (post(editor, address, new).json() for _each in range(2))

    assert first[secret]
    assert again == {**first, secret: None}
    assert first[secret] not in unseal(KeptAnswer.objects.get().answer)


def test_another_key_of_the_same_program_is_not_given_what_the_first_one_may_see(editor):
    assert post(editor, SERVICES, {"name": "Payroll"}).status_code == 201
    same = {"name": editor.key.user.name, "role": Role.ADMINISTRATOR, "by": "system:tests"}
    lesser = create_api_key(**same, scopes=["catalog:write"])
    client = Client(headers={"Authorization": f"Bearer {lesser.text}"})

    answer = post(client, SERVICES, {"name": "Payroll"})
    assert (answer.status_code, answer.json()["code"]) == (403, "idempotency_key_of_other_rights")
    assert Service.objects.count() == 1


def test_a_new_key_with_the_same_rights_is_given_what_the_old_one_was(editor):
    first = post(editor, SERVICES, {"name": "Payroll"})
    new = create_api_key(name=editor.key.user.name, role=Role.ADMINISTRATOR, by="system:tests")
    again = post(Client(headers={"Authorization": f"Bearer {new.text}"}), SERVICES, {"name": "Payroll"})
    assert again.json() == first.json()


def test_who_may_not_see_it_any_more_is_given_nothing_again():
    browser, incident = signed_in(Role.RESPONDER), reported()
    note = (browser, f"/api/v1/incidents/{incident.reference}/note/", {"text": "The pump was replaced."})
    assert [post(*note).status_code, post(*note).status_code] == [200, 200]

    incident.is_restricted = True
    incident.save()
    assert post(*note).status_code == 404


def test_who_lost_a_role_since_is_given_nothing_again():
    browser = signed_in(Role.ADMINISTRATOR, Role.REPORTER)
    absence = {"starts_at": "2027-02-01T08:00:00Z", "ends_at": "2027-02-02T08:00:00Z"}
    mine = (browser, "/api/v1/absences/", {"person": str(browser.person.pk), **absence})
    assert post(*mine).status_code == 201

    browser.person.groups.remove(Group.objects.get(name=Role.ADMINISTRATOR))
    answer = post(*mine)
    assert (answer.status_code, answer.json()["code"]) == (403, "idempotency_key_of_other_rights")


def test_the_claim_of_somebody_who_works_is_respected_and_that_of_the_dead_runs_out(editor):
    post(editor, SERVICES, {"name": "Payroll"})
    Service.objects.all().delete()
    running = {"answer": "", "token": uuid.uuid4(), "lease_until": timezone.now() + timedelta(seconds=50)}
    KeptAnswer.objects.update(**running)

    refused = post(editor, SERVICES, {"name": "Payroll"})
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_in_use")
    assert not Service.objects.exists()

    KeptAnswer.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert post(editor, SERVICES, {"name": "Payroll"}).status_code == 201
    assert post(editor, SERVICES, {"name": "Payroll"})["Idempotency-Replayed"] == "true"
    assert Service.objects.count() == 1


def test_work_whose_claim_was_lost_meanwhile_is_undone(editor, monkeypatch):
    created = Service.save

    def lose_the_claim(service, *args, **kwargs):
        KeptAnswer.objects.update(token=uuid.uuid4())
        return created(service, *args, **kwargs)

    monkeypatch.setattr(Service, "save", lose_the_claim)

    assert post(editor, SERVICES, {"name": "Payroll"}).status_code == 409
    assert not Service.objects.exists()


def test_after_a_day_a_key_is_new_and_its_answer_is_gone(editor):
    post(editor, SERVICES, {"name": "Payroll"})
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24))

    assert post(editor, SERVICES, {"name": "Invoices"}).status_code == 201
    forget_old(now=timezone.now() + timedelta(hours=25))
    assert not KeptAnswer.objects.exists()


def test_the_database_knows_only_answers_and_claims():
    with pytest.raises(IntegrityError, match="kept_answer_is_worked_on_or_there"), transaction.atomic():
        KeptAnswer.objects.create(name="x", question=seal("x"))


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_do_the_work_once():
    editor, start, answers = with_key(Role.ADMINISTRATOR), threading.Barrier(4), []

    def ask():
        start.wait()
        try:
            answers.append(post(editor, SERVICES, {"name": "Payroll"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Service.objects.count() == 1
