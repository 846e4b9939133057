"""The frame around every page."""

import pytest
from django.contrib.auth.models import Group

from people.choices import Role
from people.models import User

pytestmark = pytest.mark.django_db


def person(*roles: str, **fields) -> User:
    user = User.objects.create_user(fields.pop("username", "mei"), name=fields.pop("name", "Mei Lin"), **fields)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user


def test_a_page_shows_who_reads_it(client):
    client.force_login(person(Role.MANAGER))
    page = client.get("/").content.decode()
    assert "Mei Lin" in page
    assert "Manager" in page
