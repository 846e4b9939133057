"""`manage.py restore_holdfast COPY`: Holdfast itself, back from a copy that its own policy made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.services.bringing_back import Back, bring_back
from common import spans
from common.errors import DomainError


class Command(BaseCommand):
    help = "Bring back database and files from a copy of Holdfast itself. Nothing that is here is destroyed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("copy", type=Path, help="the folder of the copy, which holds manifest.json")
        parser.add_argument("--keys", type=Path, help="the folder with the keys, as you keep it outside")
        parser.add_argument("--without-keys", action="store_true", help="go on although the keys are lost")
        parser.add_argument("--over", action="store_true", help="set aside the data that is here")
        parser.add_argument("--revoke-keys", action="store_true", help="let no API key of the copy work any more")
        parser.add_argument("--sha256", default="", help="the digest of manifest.json, where you kept it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            back = bring_back(
                options["copy"],
                keys=options["keys"],
                without_keys=options["without_keys"],
                over=options["over"],
                digest=options["sha256"],
                revoke_keys=options["revoke_keys"],
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(back)
        if back.ledger.first_bad:
            raise SystemExit(1)

    def _tell(self, back: Back) -> None:
        age = spans.duration(timezone.now() - back.taken_at)
        self.stdout.write(f"Holdfast is back as it was at {back.taken_at:%Y-%m-%d %H:%M:%S} UTC, {age} ago.")
        self.stdout.write("Whatever was entered since then is lost.")
        canary = {
            True: "The canary that was written just before the copy came back: nothing before it is missing.",
            False: "The canary that was written just before the copy did NOT come back: something is missing.",
            None: "The copy has no canary, so nobody knows whether its last moment is in it.",
        }
        self.stdout.write(canary[back.has_canary])
        self.stdout.write(f"Stored files: {back.unpacked.files}, {back.unpacked.content_bytes} bytes.")
        self._tell_keys(back)
        if back.ledger.first_bad:
            self.stdout.write(f"The ledger is NOT whole: {back.ledger.first_bad.message}")
        else:
            self.stdout.write(f"The ledger is whole: {back.ledger.entries} entries. Head: {back.ledger.head or '–'}")
        if back.aside:
            self.stdout.write(
                f'What was here before is kept in the schema "{back.aside}". When nobody needs it any more: '
                f'DROP SCHEMA "{back.aside}" CASCADE'
            )
        self._tell_left(back)
        self.stdout.write("Next: start Holdfast, run manage.py doctor, and let the own policy make a new copy.")

    def _tell_left(self, back: Back) -> None:
        left = back.left
        self.stdout.write(
            f"Not sent: {left.deliveries} messages that waited then. Ended: {left.runs} runs, {left.sessions} sessions."
        )
        keys = f"{left.revoked_keys} were revoked" if left.revoked_keys else f"{left.keys} work again"
        self.stdout.write(
            "Whatever was changed of accounts and API keys since the copy is not known here: "
            f"{left.people} people can sign in with the password and second factor of that day; of the keys {keys}. "
            "Look through them; manage.py go_on --revoke-keys ends every key."
        )
        self.stdout.write(
            "Nothing goes out and nothing begins by itself: messages, reminders and schedules are held. When this is "
            "the house that goes on, say so: manage.py go_on, or an administrator on the page /restored/."
        )

    def _tell_keys(self, back: Back) -> None:
        if back.keys:
            self.stdout.write(f"Keys taken in: {', '.join(back.keys)}.")
        if back.missing_keys:
            self.stdout.write(
                f"Keys that are NOT here: {', '.join(back.missing_keys)}. "
                "Passwords sealed with them have to be entered again."
            )
        if back.ledger.unknown_signatures:
            self.stdout.write(f"Signatures of the ledger that could not be checked: {back.ledger.unknown_signatures}.")
