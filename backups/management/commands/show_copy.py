"""`manage.py show_copy POLICY [--file database.dump]`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backups import selectors
from backups.errors import NoCopy, PolicyUnknown


class Command(BaseCommand):
    help = "Prints where the newest copy of a policy lies: its folder, or one file of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("policy", help="short name of the backup policy")
        parser.add_argument("--file", default="", help="a file of the copy, such as database.dump")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            copy = selectors.newest_copy(selectors.policy_by_name(options["policy"]))
        except (PolicyUnknown, NoCopy) as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        if options["file"] and options["file"] not in [file["name"] for file in copy.manifest["files"]]:
            raise CommandError(f"{copy.name} has no file {options['file']}.", returncode=2)
        self.stdout.write(str(Path(copy.repository.location) / copy.name / options["file"]))
