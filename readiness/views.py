"""The first page: would we survive, and how do we know?"""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView


class OverviewPage(LoginRequiredMixin, TemplateView):
    """Readiness for those who prepare; one's own reports for those who report."""

    template_name = "readiness/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(nav="overview", **kwargs)
