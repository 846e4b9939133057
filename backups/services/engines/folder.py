"""A folder of files: one archive and its list, unpacked into a folder, and asked file by file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from backups.adapters import folder as files
from backups.adapters.folder import Avoided, FolderLeftOut, FolderNotWhole, NoCanaryFile, Question, Saved, Why
from backups.adapters.folder.listing import Entry
from backups.adapters.place import in_words
from backups.adapters.sandbox import Put, Sandbox, opened
from backups.choices import Ask, AssertionCode, Level, Phase, StepName, StepOutcome
from backups.models import Assertion, PolicySource, Repository
from backups.parts import Part
from backups.services.engines.base import GIBIBYTE, NOTHING, Asked, Room, Saving, Stored, made
from backups.services.holding import expected_words, holds
from backups.services.journal import Evidence

#: Where files that were taken in lie, below DATA_DIR.
STORED_FILES = "files"
#: What an entry takes beside its content: a block for the end of a file, and its name.
ENTRY_BYTES = 8 * 1024


class FolderEngine:
    """One folder of this host."""

    def save(self, saving: Saving) -> Part:
        """Save the folder; reaching it, the canary and the files are steps."""
        source, work = saving.source, saving.work
        archive, contents = saving.staging / f"{source.name}.tar.zst", saving.staging / f"{source.name}.list"
        with work.journal.chain(source=source.name) as chain, in_words(saving.place):

            def begin(name: str) -> None:
                chain.begin(StepName(name))

            saved = files.save(
                path_of(source),
                archive,
                contents,
                avoided=avoided_for(source),
                exclude=source.settings.get("exclude", []),
                look=work.check,
                on_step=begin,
            )
            _tell(saved, chain.evidence)
        return saving.part([archive.name, contents.name], saved.manifest())

    def check(self, stored: Stored) -> None:
        """Read the archive through beside its list."""
        journal, part = stored.work.journal, stored.part
        with journal.step(StepName.ARCHIVE, level=Level.WELL_FORMED, source=part.source) as step:
            step.tool = "zstd, tar"
            with listed(stored) as entries, stored.folder.file(stored.copy.name, part.files[0]) as archive:
                files.read_through(archive, entries, look=stored.work.check)

    def room(self, part: Part) -> Room:
        """The content, and the archive beside it while it is unpacked."""
        entries = int(part.facts["entries"])
        size = int(part.facts["content_bytes"]) + entries * ENTRY_BYTES
        return Room(needed_bytes=size, most_bytes=size + GIBIBYTE, entries=entries)

    def restored_bytes(self, part: Part) -> int:
        """The content of its files."""
        return int(part.facts["content_bytes"])

    def restore(self, stored: Stored, box: Sandbox, put: dict[str, Put]) -> "RestoredFolder":
        """Unpack the archive inside, entry by entry beside its list."""
        part = stored.part
        name = f"{part.source}.files"
        with (
            stored.work.journal.step(
                StepName.RESTORE_FILES, level=Level.RESTORED, phase=Phase.RESTORE, source=part.source
            ) as step,
            listed(stored) as entries,
            opened(box.folder / put[part.files[0]].name) as archive,
        ):
            step.shown_by(files.restore(box, archive, entries, name))
        return RestoredFolder(stored, box, name)


@dataclass
class RestoredFolder:
    """A restored folder that can be asked."""

    stored: Stored
    box: Sandbox
    folder: str
    tool: str = "sha256"
    version: str = ""

    def ask(self, declared: list[dict[str, Any]]) -> Asked:
        """The canary, every entry against the list, whether all could be saved, and what the policy declares."""
        asked = Asked([])
        with files.restored(self.box, self.folder) as root:
            for answers in (self._canary(root, asked), self._entries(root), self._declared(root, declared)):
                asked.assertions.extend(answers)
        return asked

    def _canary(self, root: int, asked: Asked) -> Iterator[Assertion]:
        expected = self.stored.part.canary
        if expected:
            newest = files.canary.read(root)
            found = newest.id if newest else NOTHING
            asked.canary = found == expected
            yield made(AssertionCode.CANARY_FILE, {}, expected, found, holds=asked.canary)

    def _entries(self, root: int) -> Iterator[Assertion]:
        facts = self.stored.part.facts
        with listed(self.stored) as entries:
            compared = files.compare(root, entries, look=self.stored.work.check)
        found = str(compared.same)
        if compared.different:
            found += " (" + ", ".join(compared.names) + ")"
        label, expected = {"entries": facts["entries"]}, str(facts["entries"])
        is_same = not compared.different and compared.same == facts["entries"]
        yield made(AssertionCode.ENTRIES, label, expected, found, holds=is_same)
        troubles: dict[str, Any] = facts["troubles"].get(Why.UNREADABLE, {"count": 0})
        yield made(AssertionCode.COMPLETE, {}, "0", str(troubles["count"]), holds=not troubles["count"])

    def _declared(self, root: int, declared: list[dict[str, Any]]) -> Iterator[Assertion]:
        questions = [Question(wanted["path"], Ask(wanted["ask"])) for wanted in declared]
        found = files.answers(root, questions, look=self.stored.work.check)
        for wanted, answer in zip(declared, found, strict=True):
            yield made(
                AssertionCode.DECLARED,
                {"label": wanted["label"]},
                expected_words(wanted["compare"], wanted["value"]),
                NOTHING if answer is None else answer,
                holds=holds(wanted["compare"], wanted["value"], answer, at=self.stored.work.began_at),
            )


def path_of(source: PolicySource) -> Path:
    """The folder of a source. Holdfast's own is made where nothing was ever put in it."""
    if not source.is_own:
        return Path(source.settings["path"])
    own = Path(settings.DATA_DIR) / STORED_FILES
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return own


def avoided_for(source: PolicySource) -> Avoided:
    """Where the folder of a source may not be."""
    return Avoided() if source.is_own else files.avoided(Repository.objects.values_list("location", flat=True))


@contextmanager
def listed(stored: Stored) -> Iterator[Iterator[Entry]]:
    """The entries that a part must hold, read from where the copy lies: nothing has to be in memory whole."""
    name = stored.part.files[1]
    [digest] = [file["sha256"] for file in stored.copy.manifest["files"] if file["name"] == name]
    with stored.folder.file(stored.copy.name, name) as stream:
        yield files.read_list(stream, digest=digest, most=int(stored.part.facts["entries"]))


def _tell(saved: Saved, step: Evidence) -> None:
    step.tool = "zstd, tar"
    step.tail = saved.troubles.told()
    counts = saved.troubles.counts
    if saved.troubles.are_bad:
        unreadable, changed, vanished = (counts[why] for why in (Why.UNREADABLE, Why.CHANGED, Why.VANISHED))
        not_whole = FolderNotWhole(unreadable=unreadable, changed=changed, vanished=vanished)
        step.note(not_whole, outcome=StepOutcome.WARN)
    elif saved.canary is None:
        step.note(NoCanaryFile(), outcome=StepOutcome.WARN)
    elif counts[Why.SPECIAL]:
        step.note(FolderLeftOut(count=counts[Why.SPECIAL]))
