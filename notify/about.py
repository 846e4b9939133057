"""What a message is about, by type, id, label and page: the row itself need not be read again, or be there still."""

from dataclasses import dataclass

from django.db import models

from notify.texts import one_line

LABEL_LENGTH = 200


@dataclass(frozen=True)
class About:
    """A thing that people are told about. `url` is a page of the product from its slash on, or empty."""

    type: str
    id: str
    label: str
    url: str = ""

    def __str__(self) -> str:
        return self.label


def about_of(thing: "models.Model | About", url: str = "") -> About:
    """The row as messages name it; `url` wins over the row's own page. Raises ValueError for another site's address."""
    if isinstance(thing, About):
        found = About(thing.type, thing.id, thing.label, url or thing.url)
    else:
        own = thing.get_absolute_url() if not url and hasattr(thing, "get_absolute_url") else url
        found = About(thing._meta.label_lower, str(thing.pk), one_line(str(thing), LABEL_LENGTH), own)
    if found.url and (not found.url.startswith("/") or found.url.startswith("//")):
        raise ValueError("A message leads to a page of the product, from its slash on.")
    return found
