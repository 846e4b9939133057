"""What the first start asks for is told as its own, in the order in which it came about."""

import pytest

from backups import services
from backups.models import Run
from ledger.models import Entry
from tests.catalog.factories import SystemFactory

pytestmark = pytest.mark.django_db


def test_the_runs_of_the_first_start_are_its_own_and_the_policy_comes_before_its_schedules():
    services.protect_itself(system=SystemFactory(name="Holdfast itself"))
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs.index("backup_policy.created") < verbs.index("backup_schedule.set")
    asked = Entry.objects.filter(verb__endswith=".requested")
    assert set(asked.values_list("actor_label", flat=True)) == {"system:first_start"}
    assert Run.objects.filter(requested_by=None).count() == 3


def test_a_policy_is_told_before_its_schedules(make_policy):
    make_policy(schedules=[{"kind": "backup", "rule": "0 2 * * *"}])
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs.index("backup_policy.created") < verbs.index("backup_schedule.set")
