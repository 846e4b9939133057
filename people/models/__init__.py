"""Who is here: people and the programs that act for them."""

from people.models.keys import ApiKey
from people.models.persons import User, UserManager

__all__ = ["ApiKey", "User", "UserManager"]
