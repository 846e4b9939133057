from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Under the floor")

    def ready(self) -> None:
        from common import receivers, sealed, secrets  # noqa: F401  connected on import
        from common.resealing import is_anything_sealed

        sealed.json_column("common.PendingFact", "arguments")
        if is_anything_sealed not in secrets.NEEDED_BY:
            secrets.NEEDED_BY.append(is_anything_sealed)
