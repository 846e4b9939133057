"""`manage.py part NAME`: one process of Holdfast, kept up by somebody else, such as systemd or a container."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from common.parts import PARTS, PYTHON
from common.schema import fit


class Command(BaseCommand):
    help = "Become one process of Holdfast: web, page, worker, verify or beat. Needs DATABASE_URL and REDIS_URL."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(PARTS))

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that does not fit, then become the process: nothing of this command remains."""
        if settings.OWN_DATABASE or settings.OWN_BROKER:
            raise CommandError(
                "A single part needs DATABASE_URL and REDIS_URL; manage.py up brings everything at once."
            )
        try:
            wrong = fit().sentence
        except DatabaseError as problem:
            said = str(problem).strip().splitlines()[0]
            raise CommandError(f"The database does not let us in: {said}. Check DATABASE_URL.") from problem
        if wrong:
            raise CommandError(wrong)
        if options["name"] == "web" and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
            raise CommandError(
                f"No static files are in {settings.STATIC_ROOT}: run manage.py prepare with this DATA_DIR."
            )
        connection.close()
        os.chdir(settings.BASE_DIR)
        sys.stdout.flush()
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        os.execv(PYTHON, [PYTHON, "-m", *PARTS[options["name"]]])  # noqa: S606 - that is the point
