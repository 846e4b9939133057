"""Programs sign in by key: `Authorization: Bearer KEY`."""

import hmac
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from common.context import current
from people import services
from people.models import ApiKey, User
from people.selectors import has_ended
from people.services.keys import hash_of


class ApiKeyAuthentication(BaseAuthentication):
    """The key's program, with the key's role and no other. Other schemes are left to the session."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Raises AuthenticationFailed (401) for a key that is unknown, revoked, expired or of an inactive program."""
        scheme, _space, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        now = timezone.now()
        key = _valid_key(given.strip().decode("ascii", errors="replace"), now)
        services.note_use_of(key, now=now, address=current.get().address)
        program = key.user
        program._roles = frozenset({key.role})  # people.selectors.roles_of reads this first
        return program, key

    def authenticate_header(self, request: Request) -> str:
        """What 401 asks for."""
        return "Bearer"


def _valid_key(text: str, now: datetime) -> ApiKey:
    parts = text.split("_")
    prefix = parts[1] if len(parts) == 3 and "\0" not in text else ""
    key = ApiKey.objects.select_related("user", "owner").filter(prefix=prefix).first()
    # Compared in constant time also when there is no such key.
    is_right = hmac.compare_digest(key.hash if key else "0" * 64, hash_of(text))
    if key is None or not is_right:
        raise AuthenticationFailed(_("This key is not valid."))
    if key.revoked_at is not None or not key.user.is_active:
        raise AuthenticationFailed(_("This key was revoked."))
    if key.owner is not None and (not key.owner.is_active or has_ended(key.owner, now)):
        raise AuthenticationFailed(_("The account that this key belongs to has ended."))
    if key.expires_at is not None and key.expires_at <= now:
        raise AuthenticationFailed(_("This key has expired."))
    return key
