"""`manage.py check_backup POLICY [--level N]`"""

from argparse import ArgumentParser

from backups.choices import Level, RunKind
from backups.management.foreground import ForegroundCommand


class Command(ForegroundCommand):
    help = "Checks the newest copy now. Exit code: 0 it holds, 1 it does not, 2 it could not be checked."
    kind = RunKind.CHECK

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        levels = [int(level) for level in Level if level <= Level.WELL_FORMED]
        words = "0 present and fresh, 1 plausible size, 2 bytes intact, 3 well-formed"
        parser.add_argument("--level", type=int, choices=levels, help=f"the highest rung: {words}")
