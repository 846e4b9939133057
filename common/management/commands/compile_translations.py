"""`manage.py compile_translations`: what `prepare` does with them, where only this is wanted, as in an image."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.translations import compile_all


class Command(BaseCommand):
    help = "Compile the translations that are newer than what was compiled from them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"compiled: {compile_all(settings.BASE_DIR / 'locale')}")
