"""Who may open the pages of backups: for everybody else they are not there."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from backups.selectors import may_run, sees_backups


class BackupsPage(LoginRequiredMixin, TemplateView):
    """A page for those who read backups; `may_run` says whether its buttons are shown."""

    nav = "backups"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not sees_backups(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(nav=self.nav, may_run=may_run(self.request.user), **kwargs)
