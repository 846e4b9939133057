"""What is asked of restored data, and whether the answer is the one that was expected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from backups.adapters.errors import OutputTooLarge, QueryFailed, QuestionTooLong
from backups.adapters.files import FILES, Packed
from backups.adapters.postgres.answers import newest_canary, row_counts
from backups.adapters.postgres.cluster import Cluster
from backups.choices import AssertionCode, Comparison, StepOutcome
from backups.models import Assertion, Copy, Run
from backups.services.checking import CLOCKS_DIFFER
from backups.services.work import Work
from backups.sources import as_number

#: How long one question of a policy may take.
DECLARED_SECONDS = 60.0
TEXT_LENGTH = 200
NOTHING = "–"
HOLDS = {StepOutcome.PASS, StepOutcome.WARN}


@dataclass
class Answers:
    """All assertions of one restore test.

    data_loss: None when no canary was to be found.  uncounted: tables whose rows nobody knows.
    """

    assertions: list[Assertion] = field(default_factory=list)
    data_loss: timedelta | None = None
    uncounted: int = 0

    @property
    def failed(self) -> int:
        return sum(assertion.outcome not in HOLDS for assertion in self.assertions)


def ask(work: Work, cluster: Cluster, copy: Copy, files: Packed | None) -> Answers:
    """Ask the restored data everything: the canary, the rows, the files, and what the policy declares."""
    answers = Answers(uncounted=_uncounted(copy))
    for part in (
        _canary(work.run, cluster, copy, answers),
        _rows(cluster, copy),
        _files(copy, files),
        _declared(work, cluster),
    ):
        for assertion in part:
            work.remaining()
            assertion.run, assertion.position = work.run, len(answers.assertions) + 1
            answers.assertions.append(assertion)
    return answers


def _canary(run: Run, cluster: Cluster, copy: Copy, answers: Answers) -> Iterator[Assertion]:
    expected = copy.manifest.get("canary")
    if not expected:
        return
    newest = newest_canary(cluster)
    found = newest.id if newest else NOTHING
    if found == expected["id"] and run.started_at is not None:
        # By our own clock, which noted the canary when it was written: the source's may be wrong.
        answers.data_loss = max(run.started_at - datetime.fromisoformat(expected["noted_at"]), timedelta(0))
    yield _assertion(AssertionCode.CANARY, {}, expected["id"], found, holds=found == expected["id"])


def _rows(cluster: Cluster, copy: Copy) -> Iterator[Assertion]:
    expected: dict[str, int] = copy.manifest.get("rows") or {}
    if not expected:
        return
    found = row_counts(cluster, expected)
    different = [table for table, count in expected.items() if found.get(table) != count]
    told = str(sum(found.values()))
    if different:
        told += " (" + ", ".join(f"{table} {found.get(table, NOTHING)}/{expected[table]}" for table in different) + ")"
    total = str(sum(expected.values()))
    if uncounted := _uncounted(copy):
        label = {"tables": len(expected), "all": len(expected) + uncounted}
        asserted = _assertion(AssertionCode.ROWS_OF_SOME, label, total, told, holds=not different)
        asserted.outcome = StepOutcome.FAIL if different else StepOutcome.WARN
        yield asserted
    else:
        yield _assertion(AssertionCode.ROWS, {"tables": len(expected)}, total, told, holds=not different)


def _uncounted(copy: Copy) -> int:
    """How many tables nobody counted when the copy was made. Older copies name them, and know no more."""
    counted, named = copy.manifest.get("rows") or {}, copy.manifest.get("uncounted") or []
    return max(len(named), int(copy.manifest.get("tables") or 0) - len(counted))


def _files(copy: Copy, files: Packed | None) -> Iterator[Assertion]:
    for file in copy.manifest["files"]:
        if file["name"] == FILES and files is not None:
            holds = (files.members, files.content_bytes) == (file["members"], file["content_bytes"])
            label = {"files": file["members"]}
            yield _assertion(AssertionCode.FILES, label, str(file["members"]), str(files.members), holds=holds)


def _declared(work: Work, cluster: Cluster) -> Iterator[Assertion]:
    for declared in work.policy.assertions:
        compare, value = declared["compare"], declared["value"]
        rows = _query(cluster, declared["query"])
        found = rows[0][0] if rows and rows[0] else None
        yield _assertion(
            AssertionCode.DECLARED,
            {"label": declared["label"]},
            _expected(compare, value),
            NOTHING if found is None else found,
            holds=holds(compare, value, found, at=work.run.started_at or datetime.now(UTC)),
        )


def holds(compare: str, value: Any, found: str | None, *, at: datetime) -> bool:
    """Whether what was found is what was expected. What was not found never holds."""
    if found is None:
        return False
    if compare == Comparison.YOUNGER_THAN:
        moment = _moment(found)
        # A moment still to come is no young one: a clock was wrong, or the data is not what it says.
        return moment is not None and -CLOCKS_DIFFER.total_seconds() <= (at - moment).total_seconds() <= (
            as_number(value) or 0
        )
    number = as_number(found)
    if compare == Comparison.EQUAL:
        wanted = as_number(value)
        return number == wanted if number is not None and wanted is not None else found == str(value)
    if number is None:
        return False
    if compare == Comparison.BETWEEN:
        low, high = (as_number(bound) for bound in value)
        return low is not None and high is not None and low <= number <= high
    wanted = as_number(value)
    if wanted is None:
        return False
    return number >= wanted if compare == Comparison.AT_LEAST else number <= wanted


def _moment(text: str) -> datetime | None:
    """A timestamp as PostgreSQL prints it; without a zone it is UTC, which the sandbox is set to."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _expected(compare: str, value: Any) -> str:
    if compare == Comparison.BETWEEN:
        return f"{value[0]} – {value[1]}"
    if compare == Comparison.YOUNGER_THAN:
        return f"< {value} s"
    return str(value) if compare == Comparison.EQUAL else f"{compare} {value}"


def _query(cluster: Cluster, sql: str) -> list[list[str | None]] | None:
    """None when the restored database has no such answer: then what was expected is not there.

    Raises QuestionTooLong, and ToolBroke when the server is gone: then nothing is known.
    """
    try:
        return cluster.query(sql, seconds=DECLARED_SECONDS)
    except QuestionTooLong:
        raise
    except (QueryFailed, OutputTooLarge):
        return None


def _assertion(code: AssertionCode, values: dict[str, Any], expected: str, found: str, *, holds: bool) -> Assertion:
    return Assertion(
        label_code=code,
        label_values=values,
        expected=expected[:TEXT_LENGTH],
        found=found.replace("\x00", "")[:TEXT_LENGTH],
        outcome=StepOutcome.PASS if holds else StepOutcome.FAIL,
    )
