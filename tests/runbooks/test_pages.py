"""The pages of plans: who reads what, and how it prints."""

import pytest
from django.test import Client

from people.choices import Role
from runbooks import services
from tests.catalog.factories import SystemFactory
from tests.incidents.factories import person
from tests.runbooks.test_plans import BY, drafted, in_force

pytestmark = pytest.mark.django_db


def signed_in(role) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_plans_in_force(role):
    in_force(text="## Steps\n\n1. **Stay calm**")
    client = signed_in(role)
    assert "Database down" in client.get("/plans/").text
    page = client.get("/plans/DB-1/").text
    assert "<strong>Stay calm</strong>" in page
    assert "Version 1, published" in page


@pytest.mark.parametrize("role", Role)
def test_a_draft_is_there_for_those_who_work_on_plans_or_read_all(role):
    drafted(text="secret draft")
    client = signed_in(role)
    page = client.get("/plans/DB-1/")
    assert page.status_code == (404 if role == Role.REPORTER else 200)
    assert "secret draft" not in page.text
    assert ("DB-1" in client.get("/plans/").text) == (role != Role.REPORTER)


@pytest.mark.parametrize("reference", ["DB-2", "db-1", "x" * 500, "..", "DB-1'"])
def test_a_plan_that_does_not_exist_is_nothing(reference):
    in_force()
    assert signed_in(Role.RESPONDER).get(f"/plans/{reference}/").status_code == 404


def test_paper_says_which_version_it_is_and_who_printed_it():
    version = in_force(systems=[SystemFactory(name="Payroll database")])
    page = signed_in(Role.RESPONDER).get("/plans/DB-1/").text
    printed = page.split("print-only printed")[1].split("</p>")[0]
    assert "Version 1" in printed or "version 1" in printed
    assert version.sha256 in printed
    assert "Payroll database" in page


def test_an_empty_list_says_what_belongs_here():
    assert "No plan is in force." in signed_in(Role.RESPONDER).get("/plans/").text


def test_programs_read_plans_with_their_digest_and_texts():
    version = in_force()
    drafted(reference="DB-2")
    rows = signed_in(Role.REPORTER).get("/api/v1/plans/").json()["results"]
    assert [row["reference"] for row in rows] == ["DB-1"]
    assert rows[0]["in_force"]["sha256"] == version.sha256
    assert rows[0]["in_force"]["texts"][0]["text"] == "Stay calm."
    others = signed_in(Role.AUDITOR).get("/api/v1/plans/").json()["results"]
    assert {row["reference"]: row["in_force"] is None for row in others} == {"DB-1": False, "DB-2": True}


def test_a_withdrawn_plan_is_gone_for_reporters():
    services.withdraw(version_id=in_force().pk, by=BY, reason="wrong")
    assert signed_in(Role.REPORTER).get("/plans/DB-1/").status_code == 404
