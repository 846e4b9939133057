from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "readiness"

    def ready(self) -> None:
        from common import sealed
        from readiness.services import demo_people

        sealed.file(demo_people.kept_in)
