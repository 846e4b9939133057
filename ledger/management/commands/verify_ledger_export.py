"""Check an exported period of the ledger from its file alone: no database, no server."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from ledger.management.commands import verify_ledger
from ledger.offline import NotAnExport, verify_export


class Command(verify_ledger.Command):
    help = "Checks an exported period of the ledger, without a database. Exits 1 naming the first thing that is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the ZIP file that was exported")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = verify_export(options["file"], head=options["head"].strip().lower())
        except NotAnExport as error:
            said = _("This is no exported period of the ledger: %(error)s") % {"error": error}
            raise CommandError(said, returncode=2) from error
        self.show(report, as_json=options["json"])

    def whole(self) -> str:
        """A file says nothing about what is not in it."""
        return _(
            "This file is whole: %(entries)s entries, %(seals)s seals. Whether the ledger that it came from is whole, "
            "the file cannot show."
        )

    def not_whole(self) -> str:
        """Something in the file."""
        return _("This file is NOT whole. The first thing that does not fit:")
