from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        """Listen to what lower floors announce."""
        from incidents import receivers  # noqa: F401  models must be loaded before
