"""What the pages of this app have in common."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from notify.selectors import may_see_channels
from people.models import User


class SignedIn(LoginRequiredMixin, View):
    """Something that somebody who is signed in sees or does."""

    @property
    def by(self) -> User:
        """Who it is."""
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user


class Posted(SignedIn):
    """Something a person does: nothing is changed by following a link."""

    http_method_names = ["post"]


class Kept(SignedIn):
    """A page for those who keep or audit the product. For all others it is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asks to sign in before it says so."""
        if request.user.is_authenticated and not may_see_channels(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)
