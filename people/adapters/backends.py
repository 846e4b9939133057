"""Django's door to the directory."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from structlog import get_logger

from common.errors import DomainError
from people import services
from people.adapters import directory
from people.admission import Directory
from people.errors import DirectoryAway
from people.models import User
from people.selectors import has_ended, is_from, person_named

log = get_logger(__name__)


class DirectoryBackend:
    """Name and password as the directory knows them. Asked after the passwords that are kept here."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", email: str = "", **_more: Any
    ) -> User | None:
        """The person; None when the directory is none, does not know them, or has nothing here for them."""
        house = settings.DIRECTORY
        name = (username or email or "").strip()
        if house is None or request is None or not name or not password or _is_only_here(name, house):
            return None
        try:
            arrival = directory.arrive(house, name, password)
            return services.come_in(arrival=arrival, admission=house.admission) if arrival else None
        except DirectoryAway:
            request.directory_is_away = True  # type: ignore[attr-defined]
        except DomainError as refusal:
            log.warning("known to the directory, but not let in", reason=refusal.code)
        return None

    def get_user(self, user_id: Any) -> User | None:
        """Whose session this is; nobody's once the account is closed or has ended."""
        person = User.objects.filter(pk=user_id, is_active=True).first()
        return None if person is None or has_ended(person) else person


def spares_from_counting(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """Whether a failure says nothing about a password: the directory was away, and nobody here has one by this name."""
    if not getattr(request, "directory_is_away", False):
        return False
    person = person_named((credentials or {}).get("username") or (credentials or {}).get("email") or "")
    return person is None or not person.has_usable_password()


def _is_only_here(name: str, house: Directory) -> bool:
    """Whether the name is of somebody whose password is kept here: it is not shown to the directory."""
    person = person_named(name)
    if person is None or not person.has_usable_password():
        return False
    return not is_from(person, directory.SOURCE) and not house.admission.link_by_email
