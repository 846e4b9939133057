from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = _("Actions")

    def ready(self) -> None:
        """Listen to the beat, and say which messages there are."""
        from actions import receivers  # noqa: F401  models must be loaded before
        from actions.events import declare_own

        declare_own()
