"""The first page: would we survive, and how do we know?"""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from catalog.selectors import sees_catalog
from incidents.choices import LIVE
from incidents.selectors import open_to
from people.choices import Role
from people.selectors import Anyone, has_role, organisation
from readiness.overview import overview_for
from readiness.work import work_for

#: Of what waits for a responder, so much stands on the first page.
FIRST = 5


class OverviewPage(LoginRequiredMixin, TemplateView):
    """Readiness for those who prepare; one's own reports for those who report."""

    def get_template_names(self) -> list[str]:
        return ["readiness/overview.html" if sees_catalog(self.request.user) else "readiness/reports.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        if sees_catalog(self.request.user):
            user = self.request.user
            waiting = work_for(user, now).waiting[:FIRST] if _responds_only(user) else []
            return super().get_context_data(
                nav="overview",
                now=now,
                overview=overview_for(user, now),
                waiting=waiting,
                first_steps=has_role(user, Role.ADMINISTRATOR) and not organisation().is_set_up,
            )
        reports = open_to(self.request.user).order_by("-reported_at")[:50]
        return super().get_context_data(
            nav="overview", now=now, reports=reports, open_count=sum(one.state in LIVE for one in reports)
        )


def _responds_only(user: Anyone) -> bool:
    """Whether the reader's first question is what needs them now, and not whether all is ready."""
    return has_role(user, Role.RESPONDER) and not has_role(user, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)
