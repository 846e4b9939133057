"""Words of backups, and the rungs of the ladder that a copy climbs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Engine(models.TextChoices):
    """What knows how to save and restore a source."""

    POSTGRESQL = "postgresql", _("PostgreSQL")
    FOLDER = "folder", _("Folder of files")


class RepositoryKind(models.TextChoices):
    """Where copies lie."""

    LOCAL = "local", _("Folder on this host")


class RunKind(models.TextChoices):
    """What one run does."""

    BACKUP = "backup", _("Backup")
    CHECK = "check", _("Check")
    RESTORE_TEST = "restore_test", _("Restore test")


class RunState(models.TextChoices):
    """How far a run is. What came out of it is its outcome."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")


#: Somebody still has to carry it out, or is at it.
OPEN = (RunState.QUEUED, RunState.RUNNING)

#: From each state, where a run may go next. A worker that dies leaves `running` behind; it is claimed again.
NEXT = {
    RunState.QUEUED: {RunState.RUNNING, RunState.ENDED},
    RunState.RUNNING: {RunState.RUNNING, RunState.QUEUED, RunState.ENDED},
    RunState.ENDED: set(),
}


class Outcome(models.TextChoices):
    """What came out. An error means: could not be carried out. It is never a pass."""

    PASS = "pass", _("Passed")
    WARN = "warn", _("Passed with a warning")
    FAIL = "fail", _("Failed")
    ERROR = "error", _("Could not be carried out")


class StepOutcome(models.TextChoices):
    """What came out of one step, or that it is still going on."""

    RUNNING = "running", _("Running")
    PASS = "pass", _("Passed")
    WARN = "warn", _("Warning")
    FAIL = "fail", _("Failed")
    ERROR = "error", _("Could not be carried out")
    SKIPPED = "skipped", _("Skipped")


class Level(models.IntegerChoices):
    """The ladder. A check climbs 0 to 3, a restore test 4 to 6."""

    PRESENT = 0, _("Present and fresh")
    PLAUSIBLE = 1, _("Plausible size")
    INTACT = 2, _("Bytes intact")
    WELL_FORMED = 3, _("Well-formed")
    RESTORED = 4, _("Restored")
    ASSERTED = 5, _("Content asserted")
    ANSWERED = 6, _("Application answered")


class Phase(models.TextChoices):
    """Where the time of a restore test went."""

    SANDBOX = "sandbox", _("Sandbox")
    FETCH = "fetch", _("Fetch")
    VERIFY = "verify", _("Verify")
    RESTORE = "restore", _("Restore")
    ASSERT = "assert", _("Assert")


class Isolation(models.TextChoices):
    """What kept restored data apart from the host. The evidence says which."""

    BWRAP = "bwrap", _("Own user, no network, own file system (bwrap)")
    UID = "uid", _("Own user without rights, no network")
    NONE = "none", _("None")


class CopyState(models.TextChoices):
    """Whether a copy is still kept. Whether it is any good is said by its checks."""

    KEPT = "kept", _("Kept")
    REMOVED = "removed", _("Removed when its time was over")


class StepName(models.TextChoices):
    """The steps of a run, in the words that pages show."""

    REPOSITORY = "repository", _("Repository reached")
    CONNECT = "connect", _("Source reached")
    CANARY = "canary", _("Canary written")
    DUMP = "dump", _("Database saved")
    FILES = "files", _("Files saved")
    STORE = "store", _("Copy stored")
    PRUNE = "prune", _("Old copies removed")
    PRESENT = "present", _("Copy present and fresh")
    SIZE = "size", _("Size plausible")
    DIGEST = "digest", _("Bytes intact")
    STRUCTURE = "structure", _("Dump well-formed")
    ARCHIVE = "archive", _("Archive well-formed")
    SANDBOX = "sandbox", _("Sandbox created")
    CLUSTER = "cluster", _("Empty cluster initialised")
    FETCH = "fetch", _("Copy fetched")
    VERIFY = "verify", _("Checksums verified")
    RESTORE = "restore", _("Database restored")
    RESTORE_FILES = "restore_files", _("Files restored")
    ASSERT = "assert", _("Content asserted")
    DESTROY = "destroy", _("Sandbox destroyed")


class AssertionCode(models.TextChoices):
    """What is asked of restored data without being told to; `declared` stands for the policy's own questions."""

    CANARY = "canary", _("The canary row written before this backup is there")
    ROWS = "rows", _("%(tables)s tables hold as many rows as when they were saved")
    ROWS_OF_SOME = "rows_of_some", _("%(tables)s of %(all)s tables hold as many rows as when they were saved")
    FILES = "files", _("%(files)s files are there, each with the content that its name stands for")
    CANARY_FILE = "canary_file", _("The canary file written before this backup is there")
    ENTRIES = "entries", _("%(entries)s files, folders and links are there, each as it was saved")
    COMPLETE = "complete", _("Everything in the folder could be saved")
    DECLARED = "declared", "%(label)s"


ASSERTION_LABELS = dict(AssertionCode.choices)


class Comparison(models.TextChoices):
    """How a declared assertion compares what it found with what was expected."""

    EQUAL = "=", _("equals")
    AT_LEAST = ">=", _("at least")
    AT_MOST = "<=", _("at most")
    BETWEEN = "between", _("between")
    YOUNGER_THAN = "younger_than", _("younger than")
    CONTAINS = "contains", _("contains")


class Ask(models.TextChoices):
    """What is asked of the files of a restored folder that a path or pattern names."""

    COUNT = "count", _("how many there are")
    NEWEST = "newest", _("when the newest of them was changed")
    SHA256 = "sha256", _("the SHA-256 of the one file")
    TEXT = "text", _("what the one file says")
