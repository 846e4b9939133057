"""`manage.py doctor`: whether everything that Holdfast needs is there and works, a line each."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common import rotation
from common.doctor import Verdict, examine


class Command(BaseCommand):
    help = (
        "Look at database, broker, workers, storage, keys, channels and tools. Exit 1 when something needed is broken."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--keys-saved", action="store_true", help="confirm that a copy of the keys lies in a safe place outside"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keys_saved"]:
            self._confirm()
            return
        findings = examine()
        verdicts = {finding.verdict for finding in findings}
        worst = next((one for one in (Verdict.BROKEN, Verdict.WARN) if one in verdicts), Verdict.OK)
        if options["json"]:
            told = [
                {"verdict": one.verdict, "part": one.part, "found": one.found, "advice": one.advice} for one in findings
            ]
            self.stdout.write(json.dumps({"verdict": worst, "findings": told}, ensure_ascii=False))
        else:
            for finding in findings:
                self.stdout.write(_harmless(str(finding)))
        if worst == Verdict.BROKEN:
            raise SystemExit(1)

    def _confirm(self) -> None:
        confirmed = rotation.confirm_saved()
        known = "That was known already." if not confirmed else f"Noted for {', '.join(confirmed)}."
        self.stdout.write(f"{known} Without the keys a copy of Holdfast opens no stored password.")


def _harmless(line: str) -> str:
    """What a server said cannot steer the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
