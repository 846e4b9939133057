from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from common import seeing


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        """Listen to what lower floors announce."""
        from incidents import receivers  # noqa: F401  models must be loaded before
        from incidents.events import declare_own
        from incidents.mail.threads import letterhead, letterhead_of_report
        from incidents.selectors import opened_by
        from notify import letterheads

        declare_own()
        seeing.declare("incidents.incident", opened_by)
        letterheads.declare("incidents.incident", letterhead)
        letterheads.declare("incidents.authorityreport", letterhead_of_report)
