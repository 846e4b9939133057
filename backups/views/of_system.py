"""What saves one system: a part of the page of that system, and a page of its own for browsers without scripts."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from backups.selectors import matrix
from backups.views.access import BackupsPage
from catalog.models import System
from catalog.selectors import visible_to


class OfSystem(BackupsPage):
    """/backups/of-system/<id>/: each policy of the system with its newest copy and its proof."""

    def get_template_names(self) -> list[str]:
        is_part = getattr(self.request, "htmx", False)
        return ["backups/of_system_list.html" if is_part else "backups/of_system.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        system = get_object_or_404(visible_to(self.request.user, System), pk=kwargs["pk"])
        rows = [row for row in matrix(self.request.user, now=timezone.now()) if row.system.pk == system.pk]
        return super().get_context_data(system=system, rows=rows, **kwargs)
