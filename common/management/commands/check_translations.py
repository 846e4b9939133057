"""`manage.py check_translations`: every sentence that a person reads is there in every language."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import translations

LANGUAGE = "zh_Hans"


class Command(BaseCommand):
    help = "Check the Chinese catalog: nothing missing, fuzzy, untranslated or with other placeholders."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Put the texts that are new into the catalog first.")

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")
        copy = translations.extracted_again(settings.BASE_DIR, LANGUAGE)
        try:
            found = [*translations.faults(copy / catalog), *translations.out_of_reach(settings.BASE_DIR)]
            if options["write"]:
                shutil.copyfile(copy / catalog, settings.BASE_DIR / catalog)
        finally:
            shutil.rmtree(copy)
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} texts are not right in {LANGUAGE}.")
        self.stdout.write("Every text is translated.")
