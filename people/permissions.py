"""What the API refuses whatever the view: beyond a key's scopes, and without a second factor where it is required."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from people.models import ApiKey
from people.selectors import lacks_second_factor


class WithinScopes(BasePermission):
    """A key with scopes opens only the apps it names; `write` includes `read`."""

    message = _("The scopes of this key do not reach this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Keys without scopes, and people, are narrowed by their role alone."""
        if not isinstance(request.auth, ApiKey) or not request.auth.scopes:
            return True
        enough = {self.scope("POST", view), self.scope(request.method, view)}
        return not enough.isdisjoint(request.auth.scopes)

    def scope(self, method: str | None, view: Any) -> str:
        """The least that a key with scopes needs. The description of the API says it too."""
        app = type(view).__module__.partition(".")[0]
        return f"{app}:read" if method in SAFE_METHODS else f"{app}:write"


class SecondFactorWhereRequired(BasePermission):
    """An administrator's session without a second factor opens nothing."""

    message = _("Set up a second factor first: it is required of administrators here.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Keys have no second factor."""
        return isinstance(request.auth, ApiKey) or not lacks_second_factor(request.user)
