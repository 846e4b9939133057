"""`manage.py rotate_secrets`: seal every stored secret with a new key, while everything runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import rotation, secrets
from common.errors import DomainError


class Command(BaseCommand):
    help = "Seal every stored secret with a new key. Killed in the middle, run it again: it goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retire", action="store_true", help="remove the older keys, if nothing needs them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["retire"]:
                self._retire()
            else:
                self._rotate()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _rotate(self) -> None:
        done = rotation.rotate()
        made = "made now" if done.is_new else "the newest that is here"
        self.stdout.write(f"The key {done.key_id} seals from now on ({made}).")
        for place, count in sorted(done.values.items()):
            self.stdout.write(f"sealed again: {count} in {place}")
        for place, count in sorted(done.unreadable.items()):
            self.stdout.write(f"not opened, because the key is not here or the value was changed: {count} in {place}")
        if not secrets.are_given():
            self.stdout.write(
                f"Copy {secrets.key_folder()} to a safe place outside, then run: manage.py doctor --keys-saved. "
                "When that is done, manage.py rotate_secrets --retire removes the older keys."
            )

    def _retire(self) -> None:
        retired = rotation.retire()
        if not retired:
            self.stdout.write("There is no older key.")
            return
        gone = ", ".join(retired)
        if secrets.are_given():
            self.stdout.write(f"Nothing needs {gone} any more: take them out of SECRETS_KEYS.")
        else:
            self.stdout.write(f"Removed: {gone}.")
        self.stdout.write(
            "Copies of Holdfast's own database from before the rotation still need them: "
            "keep them outside for as long as such copies are kept."
        )
