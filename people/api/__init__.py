"""People, teams and keys, as programs see them."""

from people.api.keys import ApiKeys
from people.api.persons import Me, People

__all__ = ["ApiKeys", "Me", "People"]
