"""Pages of somebody who signed in."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest

from people.models import User


class Signed(LoginRequiredMixin):
    """Whoever did not sign in is led there."""

    request: HttpRequest

    @property
    def by(self) -> User:
        """Whose page it is, and who does what is done."""
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user
