from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Under the floor")

    def ready(self) -> None:
        from common import receivers, sealed  # noqa: F401  connected on import

        sealed.json_column("common.PendingFact", "arguments")
