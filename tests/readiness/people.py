"""People of each role, for tests of pages."""

from django.contrib.auth.models import Group

from people.models import User


def person(*roles: str, username: str = "mei", name: str = "Mei Lin", **fields) -> User:
    """Somebody who may sign in and holds the roles."""
    user = User.objects.create_user(username, name=name, **fields)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return user
