"""`manage.py demo_server`: the demo's databases, where somebody else than `manage.py up` keeps the processes up."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Keep the demo's own database server up until Ctrl-C. Waits for as long as no demo is loaded."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Become its keeper: the same process, without the memory that the apps take here."""
        os.chdir(settings.BASE_DIR)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "common.demo_server"])  # noqa: S606 - that is the point
