"""Evidence is collected against a checklist: there, missing, or not needed and why."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from incidents import checklist, selectors, services
from incidents.errors import Unfit
from incidents.models import Attachment, EvidenceItem, EvidenceMark, Incident, TimelineEvent
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    checklist.fill()


def states(incident) -> dict[str, str]:
    return {point.item.key: point.state for point in selectors.checklist_of(incident)}


def test_every_incident_has_the_common_items_and_those_of_its_category():
    incident = reported()
    assert states(incident) == dict.fromkeys(["screenshots", "logs", "statement"], "missing")
    Incident.objects.filter(pk=incident.pk).update(category="interface")
    incident.refresh_from_db()
    assert list(states(incident)) == ["screenshots", "logs", "statement", "contract", "notices"]
    with translation.override("zh-hans"):
        assert str(selectors.checklist_of(incident)[0].name) != ""


def test_a_file_answers_an_item_and_a_reason_excuses_one_until_it_is_needed_after_all():
    incident, by = reported(), responder()
    services.attach(incident_id=incident.pk, stream=BytesIO(b"log"), name="a.txt", by=by, evidence_item="logs")
    loose = services.attach(incident_id=incident.pk, stream=BytesIO(b"said"), name="b.txt", by=by)
    services.evidence_collected(incident_id=incident.pk, key="statement", attachment_id=loose.pk, by=by)
    services.evidence_not_needed(incident_id=incident.pk, key="screenshots", by=by, reason="Nothing to see.")
    assert states(incident) == {"screenshots": "not_needed", "logs": "collected", "statement": "collected"}
    said = [event.sentence for event in incident.events.filter(kind="evidence")]
    expected = ["Evidence: Screenshots or photos is not needed", "Evidence: Statement of who noticed it is there"]
    assert said == expected
    services.evidence_needed(incident_id=incident.pk, key="screenshots", by=by)
    services.evidence_needed(incident_id=incident.pk, key="screenshots", by=by)
    assert states(incident)["screenshots"] == "missing"
    assert incident.events.filter(kind="evidence").count() == 3


@pytest.mark.parametrize(("key", "reason"), [("logs", " "), ("logs", "x" * 1001), ("logs", "a\x01"), ("contract", "x")])
def test_an_excuse_needs_a_reason_and_an_item_of_the_list(key, reason):
    with pytest.raises(Unfit):
        services.evidence_not_needed(incident_id=reported().pk, key=key, by=responder(), reason=reason)


def test_the_database_keeps_one_reason_for_an_item():
    incident, item = reported(), EvidenceItem.objects.get(key="logs")
    EvidenceMark.objects.create(incident=incident, item=item, reason="x")
    for reason in ("y", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceMark.objects.create(incident=incident, item=item, reason=reason)


def test_what_is_taken_out_of_use_stays_where_something_was_said_about_it_and_is_not_shipped_again():
    incident, other = reported(), reported()
    services.evidence_not_needed(incident_id=incident.pk, key="logs", by=responder(), reason="x")
    EvidenceItem.objects.filter(key="logs").update(is_active=False, name="Our logs")
    checklist.fill()
    assert ("logs" in states(incident), "logs" in states(other)) == (True, False)
    assert EvidenceItem.objects.get(key="logs").name == "Our logs"


def test_it_is_collected_on_a_page_and_what_is_wrong_is_said_with_the_words_kept():
    incident, client = reported(), Client()
    client.force_login(responder())
    address = f"/incidents/{incident.reference}/evidence/"
    file = SimpleUploadedFile("log.txt", b"line")
    assert client.post(address, {"item": "logs", "do": "attach", "files": file}).status_code == 302
    assert states(incident)["logs"] == "collected"
    answer = client.post(address, {"item": "statement", "do": "not_needed", "reason": "y" * 1001})
    assert answer.status_code == 400
    assert "yyyy" in answer.text
    for wrong in ({}, {"item": "\0"}, {"item": "logs", "do": "collect", "file": "x"}, {"item": "x", "do": "needed"}):
        assert client.post(address, wrong).status_code == 400
    assert "log.txt" in client.get(incident.get_absolute_url()).text
    client.force_login(person(Role.REPORTER))
    assert client.get(address).status_code == 404


def test_the_database_keeps_timeline_and_files_but_for_people_who_left():
    incident, by = reported(), responder()
    file = services.attach(incident_id=incident.pk, stream=BytesIO(b"line"), name="a.log", by=by)
    kept = [(TimelineEvent, file.event_id, {"version": 99}), (TimelineEvent, file.event_id, {"changes": {"a": 1}})]
    kept += [(Attachment, file.pk, {"name": "b.log"}), (Attachment, file.pk, {"added_by": incident.reporter})]
    for model, pk, wrong in kept:
        with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
            model.objects.filter(pk=pk).update(**wrong)
    for model in (TimelineEvent, Attachment):
        table = model._meta.db_table
        for statement in (f"DELETE FROM {table}", f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE"):
            with pytest.raises(IntegrityError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    assert Attachment.objects.filter(pk=file.pk).update(added_by=None) == 1
    assert TimelineEvent.objects.filter(pk=file.event_id).update(by=None) == 1
