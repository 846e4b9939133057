"""`manage.py demo`: the demo organisation, with sources that are really saved and restored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.embedded.errors import ServerError
from readiness import services


class Command(BaseCommand):
    help = "Loads the demo organisation. Running it again changes nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            is_new = services.load_demo()
        except ServerError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("The demo organisation is loaded." if is_new else "The demo organisation is here already.")
