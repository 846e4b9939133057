"""Who opens the pages of the catalog."""

from django.http import Http404, HttpRequest

from catalog.selectors import sees_catalog
from people.models import User


def reader(request: HttpRequest) -> User:
    """Who is signed in. For those who do not see the catalog it is not there: raises Http404."""
    user = request.user
    if not isinstance(user, User) or not sees_catalog(user):
        raise Http404
    return user
