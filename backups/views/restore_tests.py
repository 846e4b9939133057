"""All restore tests, newest first."""

from dataclasses import dataclass
from typing import Any

from backups.models import Run
from backups.selectors import restore_tests
from backups.story import GOOD
from backups.views.access import BackupsPage
from catalog.proof import Targets
from catalog.selectors import proof_of_systems
from common.paging import Pages

PAGE_SIZE = 50


@dataclass(frozen=True)
class TestRow:
    """One restore test against the targets of its system. drawn: how its bar looks."""

    run: Run
    targets: Targets
    drawn: str


class RestoreTestsPage(BackupsPage):
    """Every restore test there was, with what it measured."""

    template_name = "backups/restore_tests.html"
    nav = "restore_tests"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tests = restore_tests(self.request.user)
        page = Pages(tests, PAGE_SIZE).get_page(self.request.GET.get("page"))
        proofs = proof_of_systems()
        rows = [_row(run, proofs[run.policy.system_id].verdict.targets) for run in page.object_list]
        return super().get_context_data(page=page, rows=rows, **kwargs)


def _row(run: Run, targets: Targets) -> TestRow:
    is_quick = run.recovery_time is not None and run.recovery_time <= (targets.recovery_time or run.recovery_time)
    return TestRow(run, targets, "proven" if run.outcome in GOOD and is_quick else "unproven")
