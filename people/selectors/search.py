"""Finding people."""

from urllib.parse import urlencode

from django.urls import reverse

from common.search import Hit, Wanted, found, ranked
from people.models import User
from people.selectors.persons import Anyone, email_of, visible_people


def search(text: str, user: Anyone) -> list[Hit]:
    """People by name or sign-in name; how to reach them as far as the reader may know."""
    rows = found(visible_people(user), Wanted.of(text), names="name")
    return [_hit(person, user, rank) for person, rank in ranked(rows)]


def _hit(person: User, reader: Anyone, rank: float) -> Hit:
    page = f"{reverse('people')}?{urlencode({'q': person.name})}"
    return Hit(kind="person", title=str(person), url=page, detail=email_of(person, to=reader), rank=rank)
