"""Who opens the pages of the catalog."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from catalog.selectors import sees_catalog
from people.models import User


def reader(request: HttpRequest) -> User:
    """Who is signed in. Raises PermissionDenied for those who do not see the catalog."""
    user = request.user
    if not isinstance(user, User) or not sees_catalog(user):
        raise PermissionDenied
    return user
