"""`manage.py demo`: the demo organisation, with sources that are really saved and restored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.embedded.errors import ServerError
from readiness import services


class Command(BaseCommand):
    help = "Loads the demo organisation, and prints the sign-ins made for it, this once. Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, help="in which it is told; else LANGUAGE_CODE")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            sign_ins = services.load_demo(language=options["language"] or "")
        except ServerError as problem:
            raise CommandError(str(problem)) from problem
        if sign_ins is None:
            self.stdout.write("The demo organisation is here already.")
            return
        for each in sign_ins:
            self.stdout.write(f"sign in: {each.username} {each.password} ({each.role})")
        self.stdout.write("The demo organisation is loaded.")
