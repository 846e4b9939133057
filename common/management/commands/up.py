"""`manage.py up`: everything that Holdfast needs, until Ctrl-C."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Start PostgreSQL, Valkey, web, workers and beat, and keep them up until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Become the launcher: the same process, without the memory that the apps take here."""
        os.chdir(settings.BASE_DIR)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "common.launcher"])  # noqa: S606 - that is the point
