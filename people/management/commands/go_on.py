"""`manage.py go_on [--revoke-keys]`: this is the house that goes on; what is held since it came back begins again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from people.services import go_on, revoke_every_key

ACTOR = "system:go_on"


class Command(BaseCommand):
    help = "After restore_holdfast: let messages go out and schedules begin again. Not in a house for a drill."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--revoke-keys", action="store_true", help="end every API key first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["revoke_keys"]:
            self.stdout.write(f"API keys revoked: {revoke_every_key(by=ACTOR)}.")
        self.stdout.write("Messages and schedules go on." if go_on(by=ACTOR) else "Nothing is held.")
