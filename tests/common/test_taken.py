"""What only the database could refuse is a refusal in words too, not a defect."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from common.middleware import Refusals
from common.rest.errors import handle
from people.models import User

pytestmark = pytest.mark.django_db


def refused(**second) -> IntegrityError:
    """The database's refusal of a second person like the first."""
    User.objects.create(username="first", name="First")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.create(**{"username": "second", "name": "Second", **second})
    return caught.value


def test_two_who_save_the_same_at_once_get_a_conflict_from_the_api():
    answer = handle(refused(username="First"), {})
    assert answer.status_code == 409
    assert answer.data["code"] == "taken"


def test_two_who_save_the_same_at_once_get_a_page_in_words():
    answer = Refusals(lambda request: None).process_exception(RequestFactory().post("/x/"), refused(username="First"))
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


def test_a_column_that_we_forgot_to_fill_stays_a_defect_of_ours():
    error = refused(name=None)
    assert handle(error, {}) is None
    assert Refusals(lambda request: None).process_exception(RequestFactory().get("/api/v1/x/"), error) is None


def test_a_value_that_no_row_may_have_is_not_blamed_on_somebody_else():
    error = refused(email="Second@Example.org")
    assert error.__cause__.pgcode == "23514"
    assert handle(error, {}) is None


def test_the_shape_is_the_same_below_the_api():
    answer = Refusals(lambda r: None).process_exception(RequestFactory().post("/api/v1/x/"), refused(username="FIRST"))
    assert json.loads(answer.content)["code"] == "taken"
