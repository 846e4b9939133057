"""Titles say what really stopped a run, in the reader's language."""

import pytest
from django.utils import translation

from incidents.choices import EventKind
from incidents.looks import OF_EVENT
from incidents.texts import AUTHORITY_STEPS, event, in_english, sentence

VALUES = {"policy": "Payroll", "step": "connect"}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("wrong_credential", "the source refused the user name or the password"),
        ("unknown_database", "the source has no such database"),
        ("source_unreachable", "the source could not be reached"),
    ],
)
def test_a_source_that_answered_is_not_called_unreachable(reason, words):
    title = in_english("backup_error", VALUES | {"reason_code": reason})
    assert title == f"Backup “Payroll” could not be carried out: {words}"


def test_the_reason_is_read_in_the_readers_language():
    with translation.override("zh-hans"):
        assert sentence("backup_error", VALUES | {"reason_code": "wrong_credential"}).endswith("来源拒绝了用户名或密码")


def test_whatever_happens_has_its_look_on_the_page():
    assert set(OF_EVENT) == set(EventKind)


@pytest.mark.parametrize("step", AUTHORITY_STEPS)
def test_each_step_of_a_report_to_an_authority_reads_otherwise_and_names_the_authority(step):
    said = event(EventKind.AUTHORITY, {"what": "Data protection", "step": step})
    assert said == f"Report to an authority: {AUTHORITY_STEPS[step] % {'name': 'Data protection'}}"
