from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from common import sealed
        from people import receivers, schema  # noqa: F401  connects them

        # allauth keeps the secrets of second factors, sealed by our adapter, in a column of its own making.
        sealed.json_column("mfa.Authenticator", "data")
