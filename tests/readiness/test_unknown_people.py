"""Somebody who was made unknown is named only by what cannot be changed any more, and in what others were told."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.utils import timezone

import actions.services
import incidents.services
from notify.models import Message
from people import services
from people.choices import Role
from people.models import KeyUse, User
from tests.actions.factories import opened
from tests.incidents.factories import reported
from tests.support.people import person

pytestmark = pytest.mark.django_db

TESTS = "system:tests"
#: The ledger and histories are only added to, which is their purpose. What others were told is theirs.
KEEPS = {"ledger.entry", "incidents.timelineevent", "actions.actionevent", "notify.message"}


def tables_that_say(*words: str) -> set[str]:
    found = set()
    for model in apps.get_models():
        rows = str(list(model._base_manager.values()))
        if any(word in rows for word in words):
            found.add(model._meta.label_lower)
    return found - KEEPS


@pytest.fixture
def ana() -> User:
    """Worked for years: reported, took over, was put in charge, signed in by a directory, wrote programs."""
    ana = person(Role.MANAGER, username="quartz", name="Ana Quartz", email="quartz@example.org")
    boss = person(Role.MANAGER, name="Bo Ss")
    SocialAccount.objects.create(user=ana, provider="directory", uid="quartz-in-the-directory")
    key = services.create_own_key(person=ana, name="Script of quartz", role=Role.MANAGER, days=3).row
    KeyUse.objects.create(key=key, day=timezone.now().date(), count=1, address="198.51.100.7")
    incident = reported(by=ana)
    incident = incidents.services.acknowledge(incident_id=incident.pk, by=ana)
    incident = incidents.services.assign(incident_id=incident.pk, to=boss, by=ana)
    incidents.services.assign(incident_id=incident.pk, to=ana, by=boss)
    action = opened(ana, by=ana)
    actions.services.reassign(action_id=action.pk, to=boss, by=ana)
    return ana


def test_no_table_says_a_name_an_address_or_an_account_any_more(ana):
    words = ("Quartz", "quartz", "198.51.100.7")
    assert len(tables_that_say(*words)) > 3
    services.anonymise(person_id=ana.pk, by=TESTS)
    assert tables_that_say(*words) == set()
    assert not Message.objects.filter(to=ana).exclude(subject="", body="").exists()
