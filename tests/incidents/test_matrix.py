"""How severe what is: decided by administrators, never the wrong way round."""

import pytest
from django.db import IntegrityError, transaction

from incidents import services
from incidents.choices import SEVERITY
from incidents.errors import Unfit
from incidents.models import SeverityMatrix
from incidents.selectors import severity_matrix
from ledger.models import Entry
from people.choices import Role
from tests.incidents.factories import person, reported, responder
from tests.support.people import with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return person(Role.ADMINISTRATOR)


def test_until_somebody_decides_it_is_as_it_always_was():
    assert severity_matrix().cells == SEVERITY
    SeverityMatrix.objects.all().delete()
    assert severity_matrix().cells == SEVERITY


def test_what_is_decided_holds_from_the_next_report_on_and_stands_in_the_ledger(keeper):
    before = reported(badness="stopped")
    services.set_matrix(cells={(2, 1): 1}, by=keeper)
    after = reported(badness="stopped")
    before.refresh_from_db()
    assert (before.severity, after.severity) == (2, 1)
    assert Entry.objects.get(verb="severity_matrix.changed").data["after"] == {"medium_high": 1}


def test_what_is_worse_is_never_less_severe(keeper):
    with pytest.raises(Unfit) as refusal:
        services.set_matrix(cells={(1, 1): 4}, by=keeper)
    assert "severity 2" in str(refusal.value.fields["high_high"])
    assert severity_matrix().cells == SEVERITY


@pytest.mark.parametrize("severity", [0, 5, -1])
def test_there_are_four_severities(severity, keeper):
    with pytest.raises(Unfit):
        services.set_matrix(cells={(3, 3): severity}, by=keeper)


def test_the_same_again_is_no_change(keeper):
    services.set_matrix(cells=SEVERITY, by=keeper)
    assert not Entry.objects.filter(verb="severity_matrix.changed").exists()


@pytest.mark.parametrize("broken", [{"high_high": 4}, {"low_low": 5}, {"low_low": 2}, {"high_high": 0}])
def test_the_database_itself_refuses_a_matrix_that_is_the_wrong_way_round(broken):
    SeverityMatrix.objects.get_or_create(pk=1)  # it is there from the start, unless another test emptied the tables
    with pytest.raises(IntegrityError), transaction.atomic():
        SeverityMatrix.objects.filter(pk=1).update(**broken)


def test_a_severity_that_the_matrix_does_not_have_is_refused_by_name(keeper):
    services.set_matrix(cells={(1, 1): 2}, by=keeper)
    with pytest.raises(Unfit) as refusal:
        services.change_severity(incident_id=reported().pk, by=responder(), severity=1, reason="worse")
    assert "severity" in refusal.value.fields


def change(client, body, **headers):
    return client.patch("/api/v1/severity-matrix/", body, content_type="application/json", headers=headers)


def test_programs_read_it_and_an_administrator_changes_the_version_that_was_seen():
    reader, keeper = with_key("Responder"), with_key("Administrator")
    seen = reader.get("/api/v1/severity-matrix/")
    assert (seen.json()["medium_high"], change(reader, {"medium_high": 1}, if_match="*").status_code) == (2, 403)
    assert change(keeper, {"medium_high": 1}).status_code == 428
    changed = change(keeper, {"medium_high": 1}, if_match=seen["ETag"])
    assert (changed.status_code, changed.json()["medium_high"]) == (200, 1)
    assert change(keeper, {"medium_high": 2}, if_match=seen["ETag"]).status_code == 412
    assert severity_matrix().cells[2, 1] == 1


@pytest.mark.parametrize("body", [{"high_high": 4}, {"low_low": 5}, {"low_low": "x"}, {"nothing": 1}])
def test_programs_are_refused_what_people_are_refused(body):
    answer = change(with_key("Administrator"), body, if_match="*")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(body))


def test_reporters_have_no_matrix():
    assert with_key("Reporter").get("/api/v1/severity-matrix/").status_code == 404
