"""Check that nobody changed what was done: exit 0 when the ledger is whole, 1 naming the first bad entry."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.findings import Report
from ledger.verify import verify


class Command(BaseCommand):
    help = "Checks that no entry of the ledger was changed, removed or inserted. Exits 1 naming the first that was."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--head", default="", help="a head kept elsewhere, which must be among the seals")

    def handle(self, *args: Any, **options: Any) -> None:
        self.show(verify(head=options["head"].strip().lower()), as_json=options["json"])

    def show(self, report: Report, *, as_json: bool) -> None:
        """Say what was found; exit 1 when something does not fit."""
        if as_json:
            self.stdout.write(json.dumps(_as_json(report), ensure_ascii=False))
        else:
            self._tell(report)
        if report.first_bad:
            sys.exit(1)

    def whole(self) -> str:
        """What it means that nothing was found."""
        return _("The ledger is whole: %(entries)s entries, %(seals)s seals.")

    def not_whole(self) -> str:
        """What it means that something was found."""
        return _("The ledger is NOT whole. The first thing that does not fit:")

    def _tell(self, report: Report) -> None:
        counts = asdict(report)
        if report.first_bad:
            self.stdout.write(self.not_whole())
            self.stdout.write(report.first_bad.message)
            return
        self.stdout.write(self.whole() % counts)
        if report.unsealed:
            said = ngettext(
                "%(unsealed)s entry is signed but not sealed yet: removed, it would leave no trace.",
                "%(unsealed)s entries are signed but not sealed yet: one of them removed would leave no trace.",
                report.unsealed,
            )
            self.stdout.write(said % counts)
        if report.unknown_signatures:
            self.stdout.write(
                _("%(unknown_signatures)s signatures could not be checked: their keys are not here.") % counts
            )
        self.stdout.write(_("Head: %(head)s") % {"head": report.head or "–"})


def _as_json(report: Report) -> dict[str, Any]:
    """`is_whole`, the counts, `head`, and `first_bad` with its `message`, or null."""
    found = report.first_bad
    first_bad = {**asdict(found), "problem": found.problem.value, "message": found.message} if found else None
    return {**asdict(report), "is_whole": found is None, "first_bad": first_bad}
