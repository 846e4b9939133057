from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    name = "notify"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from notify import receivers  # noqa: F401  connects them
        from notify.declared import declare_own

        declare_own()
