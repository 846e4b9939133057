"""`manage.py check_translations`: every sentence that a person reads is there in every language."""

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import translations

LANGUAGE = "zh_Hans"


class Command(BaseCommand):
    help = "Check the Chinese catalog: nothing missing, fuzzy, untranslated or with other placeholders."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        copy = translations.extracted_again(settings.BASE_DIR, LANGUAGE)
        try:
            found = list(translations.faults(copy / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"))
        finally:
            shutil.rmtree(copy)
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} texts are not right in {LANGUAGE}.")
        self.stdout.write("Every text is translated.")
