"""A round over rows that are due."""

import pytest
from django.db import connection

from common.rounds import each_apart
from people.models import Team

pytestmark = pytest.mark.django_db


def test_one_that_fails_is_undone_and_holds_up_no_other():
    def work(name: str) -> int:
        Team.objects.create(name=name)
        if name == "b":
            raise ValueError("broken")
        return 1

    assert each_apart(["a", "b", "c"], work, what="team") == 2
    assert set(Team.objects.values_list("name", flat=True)) == {"a", "c"}


def test_what_the_database_refuses_ends_that_one_alone():
    def work(number: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / %s", [number])
        return 1

    assert each_apart([1, 0, 2], work, what="number") == 2
