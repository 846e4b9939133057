"""Lists: pages that never shift, nothing ignored in silence, and the same number of questions however long."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Site
from common.rest.filters import orderings_of
from people.choices import Role
from tests.common.api_operations import operations
from tests.people.world import make_world
from tests.support.people import with_key

pytestmark = pytest.mark.django_db

SITES = "/api/v1/sites/"
LISTS = [each for each in operations() if each.is_list]


@pytest.fixture
def reader():
    return with_key(Role.ADMINISTRATOR)


def make_sites(names, at=None):
    return Site.objects.bulk_create([Site(name=name, created_at=at or timezone.now()) for name in names])


def walk(client, address, between=lambda: None):
    """The names on all pages."""
    names = []
    while address:
        page = client.get(address).json()
        names += [row["name"] for row in page["results"]]
        address = page["next"]
        between()
    return names


@pytest.mark.parametrize("ordering", ["name", "-name", "created_at", "-created_at"])
def test_rows_that_appear_and_vanish_meanwhile_move_no_other(reader, ordering):
    # All at one instant: the ties are the hard part.
    make_sites([f"s{number:02}" for number in range(12)], at=timezone.now())
    more = iter(range(100))

    def between():
        number = next(more)
        make_sites([f"a{number}", f"z{number}"], at=timezone.now() - timedelta(days=number % 2))
        Site.objects.filter(name="s11").delete()

    seen = [name for name in walk(reader, f"{SITES}?page_size=5&ordering={ordering}", between) if name[0] == "s"]

    assert sorted(seen)[:11] == [f"s{number:02}" for number in range(11)]
    assert len(seen) == len(set(seen))


def test_the_way_back_shows_the_same_pages(reader):
    make_sites([f"s{number}" for number in range(7)])
    first = reader.get(f"{SITES}?page_size=3&ordering=name").json()
    second = reader.get(first["next"]).json()
    third = reader.get(second["next"]).json()

    assert [len(page["results"]) for page in (first, second, third)] == [3, 3, 1]
    assert (first["previous"], third["next"]) == (None, None)
    assert reader.get(third["previous"]).json()["results"] == second["results"]
    assert reader.get(second["previous"]).json()["results"] == first["results"]
    assert reader.get(second["previous"]).json()["previous"] is None


@pytest.mark.parametrize(
    ("query", "field", "names"),
    [
        ("services/?nmae=x", "nmae", "criticality"),
        ("services/?criticality=huge", "criticality", "critical"),
        ("services/?is_active=maybe", "is_active", "true, false"),
        ("services/?is_active=1", "is_active", "true, false"),
        ("services/?owner=me", "owner", "UUID"),
        ("services/?ordering=description", "ordering", "-name"),
        ("services/?ordering=name,created_at", "ordering", "-name"),
        ("services/?ordering=", "ordering", "-name"),
        ("services/?page_size=0", "page_size", "1 to 200"),
        ("services/?page_size=²", "page_size", "1 to 200"),
        ("services/?cursor=x", "cursor", "first page"),
        ("services/?is_active=true&is_active=false", "is_active", "once"),
        ("services/?search=" + "x" * 201, "search", "200"),
        ("incidents/?state=open", "state", "triage"),
        ("incidents/?state=triage&state=gone", "state", "triage"),
        ("incidents/?severity=0", "severity", "1, 2, 3, 4"),
        ("dependencies/?search=x", "search", "ordering"),
        ("recovery-measurements/?measured_at__gte=soon", "measured_at__gte", "valid"),
        ("recovery-measurements/?measured_at__gte=0001-01-01T00:00:00%2B18:00", "measured_at__gte", "valid"),
        ("me/?x=1", "x", "no parameters"),
    ],
)
def test_what_a_list_does_not_know_is_refused_by_name_and_with_what_there_is(reader, query, field, names):
    answer = reader.get(f"/api/v1/{query}")

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert names in " ".join(answer.json()["fields"][field])


def test_a_time_may_be_written_with_any_offset(reader):
    answer = reader.get("/api/v1/recovery-measurements/?measured_at__gte=0276-03-07T16:38:06.3-18:12")

    assert answer.status_code == 200


def test_a_change_takes_no_parameters(reader):
    answer = reader.post(f"{SITES}?dry_run=true", {"name": "Hall 2"}, "application/json")

    assert answer.status_code == 400
    assert not Site.objects.exists()


def test_a_filter_by_another_row_asks_nobody_whether_it_exists(reader):
    nothing = "00000000-0000-4000-8000-000000000000"

    assert reader.get(f"/api/v1/services/?owner={nothing}").json()["results"] == []


@pytest.mark.parametrize("each", LISTS, ids=lambda each: each.path)
def test_lists_are_ordered_by_columns_with_an_index_that_are_never_null(each):
    model = each.view.cls.queryset.model
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
    leading = {one["columns"][0] for one in found if (one["index"] or one["unique"]) and one["columns"]}

    for name in each.view.cls.ordering_fields:
        field = model._meta.get_field(name)
        assert not field.null, f"{name} may be null"
        assert field.column in leading, f"{model.__name__}.{name} has no index"
    assert each.view.cls.default_ordering in orderings_of(each.view.cls)


def test_no_list_asks_more_questions_when_it_shows_more(reader):
    make_world(reader.key.user)
    more = {}
    for each in LISTS:
        few, many = questions(reader, f"{each.path}?page_size=1"), questions(reader, f"{each.path}?page_size=200")
        # What belongs to rows is asked for once more where only the others have any.
        if many > few + 2:
            more[each.path] = (few, many)

    assert more == {}


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)
