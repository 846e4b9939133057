"""PostgreSQL: one dump, restored into an empty cluster, and asked in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backups.adapters.errors import DiskFull, OutputTooLarge, QueryFailed, QuestionTooLong
from backups.adapters.postgres.answers import newest_canary, row_counts
from backups.adapters.postgres.cluster import Cluster
from backups.adapters.postgres.connect import Source
from backups.adapters.postgres.dump import Dumped, dump
from backups.adapters.postgres.restore import restore
from backups.adapters.postgres.verify import verify
from backups.adapters.sandbox import Put, Sandbox
from backups.choices import AssertionCode, Level, Phase, StepName, StepOutcome
from backups.errors import LeftOut, NoCanary, RepositoryFull
from backups.models import Assertion, PolicySource
from backups.parts import Part
from backups.services.engines.base import GIBIBYTE, NOTHING, Asked, Room, Saving, Stored, made
from backups.services.holding import expected_words, holds
from backups.services.sandboxes import sandbox
from common.secrets import unseal

#: A restored database may grow to this many times its size when it was saved before it is ended.
GROWTH = 4
#: What must be free before a restore begins, in sizes of the database.
ROOM = 2.5
#: How long one question of a policy may take.
DECLARED_SECONDS = 60.0


class PostgresqlEngine:
    """One database of a PostgreSQL server."""

    def save(self, saving: Saving) -> Part:
        """Save the database; connect, canary and dump are steps."""
        target = saving.staging / f"{saving.source.name}.dump"
        with saving.work.journal.chain(source=saving.source.name) as chain:

            def begin(name: str) -> None:
                if name != StepName.CONNECT:  # begun already: reading the source's settings belongs to it
                    chain.begin(StepName(name))

            chain.begin(StepName.CONNECT)
            try:
                work = saving.work
                dumped = dump(
                    source_of(saving.source), target, wall_clock=work.remaining(), stop=work.stop, on_step=begin
                )
            except DiskFull as error:
                raise RepositoryFull(repository=saving.place.name, location=saving.place.location) from error
            self._tell(dumped, chain.evidence)
        return saving.part([target.name], dumped.manifest())

    def check(self, stored: Stored) -> None:
        """Let the engine's own program read the whole dump, inside a sandbox."""
        [name] = stored.part.files
        with stored.work.journal.step(StepName.STRUCTURE, level=Level.WELL_FORMED, source=stored.part.source) as step:
            room = self.room(stored.part)
            with sandbox(stored.work, [room]) as box, stored.folder.file(stored.copy.name, name) as stream:
                verified = verify(box, stream)
                if verified.finished is not None:
                    step.shown_by(verified.finished, version=verified.tool.rpartition(" ")[2])

    def room(self, part: Part) -> Room:
        """Sizes of the database."""
        size = self.restored_bytes(part)
        return Room(needed_bytes=int(ROOM * size), most_bytes=GROWTH * size + GIBIBYTE)

    def restored_bytes(self, part: Part) -> int:
        """How large the database was."""
        return int(part.facts.get("database_bytes") or 0)

    def restore(self, stored: Stored, box: Sandbox, put: dict[str, Put]) -> "RestoredDatabase":
        """Restore the dump into a cluster of its own."""
        journal, part = stored.work.journal, stored.part
        with journal.step(StepName.CLUSTER, level=Level.RESTORED, phase=Phase.SANDBOX, source=part.source) as step:
            step.tool = "postgres"
            cluster = stored.work.resources.enter_context(Cluster(box, name=part.source, at_least_major=_major(part)))
            step.tool_version, step.exit_code = cluster.version, 0  # it was made, started, and answers
        with journal.step(StepName.RESTORE, level=Level.RESTORED, phase=Phase.RESTORE, source=part.source) as step:
            restored = restore(cluster, put[part.files[0]], roles=part.facts.get("roles", []))
            step.shown_by(restored.finished, version=cluster.version)
            if restored.left_out:
                step.note(LeftOut(count=len(restored.left_out), names=", ".join(restored.left_out)[:500]))
        return RestoredDatabase(stored, cluster)

    def _tell(self, dumped: Dumped, step: Any) -> None:
        step.shown_by(dumped.finished, version=dumped.tool.rpartition(" ")[2])
        if dumped.canary is None:
            step.note(NoCanary(), outcome=StepOutcome.WARN)


@dataclass
class RestoredDatabase:
    """A restored database that can be asked."""

    stored: Stored
    cluster: Cluster
    tool: str = "psql"

    @property
    def version(self) -> str:
        return self.cluster.version

    def ask(self, declared: list[dict[str, Any]]) -> Asked:
        """The canary, the rows, and what the policy declares."""
        asked = Asked([], uncounted=_uncounted(self.stored.part))
        for answers in (self._canary(asked), self._rows(), self._declared(declared)):
            for assertion in answers:
                self.stored.work.remaining()
                asked.assertions.append(assertion)
        return asked

    def _canary(self, asked: Asked) -> Iterator[Assertion]:
        expected = self.stored.part.canary
        if not expected:
            return
        newest = newest_canary(self.cluster)
        found = newest.id if newest else NOTHING
        asked.canary = found == expected
        yield made(AssertionCode.CANARY, {}, expected, found, holds=asked.canary)

    def _rows(self) -> Iterator[Assertion]:
        expected: dict[str, int] = self.stored.part.facts.get("rows") or {}
        if not expected:
            return
        found = row_counts(self.cluster, expected)
        different = [table for table, count in expected.items() if found.get(table) != count]
        told = str(sum(found.values()))
        if different:
            told += (
                " (" + ", ".join(f"{table} {found.get(table, NOTHING)}/{expected[table]}" for table in different) + ")"
            )
        total, label = str(sum(expected.values())), {"tables": len(expected)}
        if uncounted := _uncounted(self.stored.part):
            label["all"] = len(expected) + uncounted
            asserted = made(AssertionCode.ROWS_OF_SOME, label, total, told, holds=not different)
            asserted.outcome = StepOutcome.FAIL if different else StepOutcome.WARN
            yield asserted
        else:
            yield made(AssertionCode.ROWS, label, total, told, holds=not different)

    def _declared(self, declared: list[dict[str, Any]]) -> Iterator[Assertion]:
        for wanted in declared:
            compare, value = wanted["compare"], wanted["value"]
            rows = self._query(wanted["query"])
            found = rows[0][0] if rows and rows[0] else None
            yield made(
                AssertionCode.DECLARED,
                {"label": wanted["label"]},
                expected_words(compare, value),
                NOTHING if found is None else found,
                holds=holds(compare, value, found, at=self.stored.work.began_at),
            )

    def _query(self, sql: str) -> list[list[str | None]] | None:
        """None when the restored database has no such answer: then what was expected is not there.

        Raises QuestionTooLong, and ToolBroke when the server is gone: then nothing is known.
        """
        try:
            return self.cluster.query(sql, seconds=DECLARED_SECONDS)
        except QuestionTooLong:
            raise
        except (QueryFailed, OutputTooLarge):
            return None


def source_of(source: PolicySource) -> Source:
    """The source with its password, for this moment only. Raises KeyMissing, SourceSettingsWrong."""
    return Source.of(source.settings, unseal(source.secret) if source.secret else "")


def _uncounted(part: Part) -> int:
    """How many tables nobody counted when the copy was made. Older copies name them, and know no more."""
    counted, named = part.facts.get("rows") or {}, part.facts.get("uncounted") or []
    return max(len(named), int(part.facts.get("tables") or 0) - len(counted))


def _major(part: Part) -> int | None:
    """The release that was saved: what is measured is measured on the same."""
    major = str(part.facts.get("server_version", "")).partition(".")[0]
    return int(major) if major.isdigit() else None
