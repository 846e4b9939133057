"""What the tools and the sandbox run into, each with a sentence that says what to do.

What a tool printed is never the sentence: it hangs on the error as `evidence`, for the step's own record.
"""

from typing import TYPE_CHECKING, Self

from django.utils.translation import gettext_lazy as _

from backups.errors import CouldNot, DoesNotHold, RunError

if TYPE_CHECKING:
    from backups.adapters.processes import Finished


class ToolError(RunError):
    """Something that came up while a tool worked. `evidence` is the command that showed it, if there was one."""

    evidence: "Finished | None" = None

    def shown_by(self, finished: "Finished | None") -> Self:
        """The same error, with the command that showed it."""
        self.evidence = finished
        return self


class ToolMissing(ToolError, CouldNot):
    code = "tool_missing"
    template = _(
        "No %(tool)s of PostgreSQL %(major)s or newer was found on this host. Install the package %(package)s, "
        "then run this again."
    )


class ToolWithoutEncryption(ToolError, CouldNot):
    code = "tool_without_encryption"
    template = _(
        "The source asks for an encrypted connection, and no %(tool)s on this host that is new enough can make one. "
        "Install the package %(package)s, then run this again."
    )


class ToolBroke(ToolError, CouldNot):
    code = "tool_broke"
    template = _("%(tool)s could not do its work. Its output in this step says why.")


class TimeIsUp(ToolError, CouldNot):
    code = "time_is_up"
    template = _(
        "This took longer than the policy allows and was ended. Look at what it was waiting for, or allow more time."
    )


class Stopped(ToolError, CouldNot):
    code = "stopped"
    template = _("This was ended before it was done. It is taken up again by itself.")


class OutputTooLarge(ToolError, CouldNot):
    code = "output_too_large"
    template = _("%(tool)s answered with more than %(limit_bytes)s and was ended. Ask for less at once.")


class NoIsolation(ToolError, CouldNot):
    code = "no_isolation"
    template = _(
        "This host can build no sandbox, so nothing was restored. Install bubblewrap, or allow the policy to restore "
        "without isolation."
    )


class SandboxBusy(ToolError, CouldNot):
    code = "sandbox_busy"
    template = _("The sandbox %(name)s is in use by another run. Wait until that one has ended.")


class SandboxFailed(ToolError, CouldNot):
    code = "sandbox_failed"
    template = _("The sandbox could not be made. Its output in this step says why; the data folder must be writable.")


class NoRoom(ToolError, CouldNot):
    code = "no_room"
    template = _(
        "This needs about %(needed_bytes)s of free space and there are %(free_bytes)s. Make room on the volume of the "
        "data folder, then run this again."
    )


class DiskFull(ToolError, CouldNot):
    code = "disk_full"
    template = _("The disk was full before this was done. Make room on the volume it writes to, then run this again.")


class DiskLimit(ToolError, CouldNot):
    code = "disk_limit"
    template = _(
        "What was restored grew beyond %(limit_bytes)s and was ended, so that the disk does not fill up. Look at the "
        "copy, or allow it more space."
    )


class MemoryLimit(ToolError, CouldNot):
    code = "memory_limit"
    template = _("The memory that a sandbox may use did not suffice. Look at the copy, or run this on a larger host.")


class NotARegularFile(ToolError, DoesNotHold):
    code = "not_a_regular_file"
    template = _("%(name)s is not an ordinary file, so it was not opened. Look at who put it there.")


class FileGone(ToolError, DoesNotHold):
    code = "file_gone"
    template = _("%(name)s cannot be read. Look whether it is still there and whether Holdfast may read it.")


# Sources


class SourceSettingsWrong(ToolError, CouldNot):
    code = "source_settings_wrong"
    template = _("The source's %(field)s cannot be used. Correct it in the policy.")


class WrongCredential(ToolError, CouldNot):
    code = "wrong_credential"
    template = _(
        "The source refused the user name or the password. Check both in the policy; the password may have changed."
    )


class SourceUnreachable(ToolError, CouldNot):
    code = "source_unreachable"
    template = _("The source at %(host)s does not answer. Check that it runs and that this host can reach it.")


class SourceBusy(ToolError, CouldNot):
    code = "source_busy"
    template = _(
        "The source has no connection left for the user of the policy. Allow it more, or look at who holds the others."
    )


class SourceIsList(ToolError, CouldNot):
    code = "source_is_list"
    template = _("The host of a source is one name, one address or one folder, not a list. Make one policy for each.")


class SourceLinkLocal(ToolError, CouldNot):
    code = "source_link_local"
    template = _(
        "The host of the source leads to a link-local address or to the metadata service of a cloud, which cannot be "
        "a source. Correct it in the policy."
    )


class SourceIsOurs(ToolError, CouldNot):
    code = "source_is_ours"
    template = _(
        "This leads into Holdfast's own servers, which a policy of their own saves. Name another host or database."
    )


class UnknownDatabase(ToolError, CouldNot):
    code = "unknown_database"
    template = _("The source has no database of that name. Check the name in the policy.")


class EncryptionRefused(ToolError, CouldNot):
    code = "encryption_refused"
    template = _(
        "No encrypted connection to the source came about. Check its certificate, and what the policy asks for."
    )


class SourceRefused(ToolError, CouldNot):
    code = "source_refused"
    template = _("The source did not let us in. The output in this step gives its reason.")


class SourceNotReadable(ToolError, CouldNot):
    code = "source_not_readable"
    template = _(
        "The user of the policy may not read everything in the database. Give it the role pg_read_all_data, or make "
        "it the owner."
    )


class SourceLocked(ToolError, CouldNot):
    code = "source_locked"
    template = _("A table of the source stayed locked by somebody else. Run this again when that work is done.")


class DumpFailed(ToolError, CouldNot):
    code = "dump_failed"
    template = _("The database could not be saved. The output in this step gives the reason.")


# Copies


class DumpEmpty(ToolError, DoesNotHold):
    code = "dump_empty"
    template = _("The dump is empty. Take a new backup, and look at what emptied this one.")


class DumpUnknown(ToolError, DoesNotHold):
    code = "dump_unknown"
    template = _("This is not a dump of PostgreSQL: it begins with other bytes. Take a new backup.")


class DumpDamaged(ToolError, DoesNotHold):
    code = "dump_damaged"
    template = _("The dump is damaged or cut off. Take a new backup, and look at the place where this one lies.")


class DumpIncomplete(ToolError, DoesNotHold):
    code = "dump_incomplete"
    template = _("The dump has no end: it was cut off, or the command that wrote it did not finish. Take a new backup.")


class DumpTooNew(ToolError, CouldNot):
    code = "dump_too_new"
    template = _(
        "The dump was made by PostgreSQL %(major)s, and the newest found on this host is %(newest)s. Install the "
        "package %(package)s, then run this again."
    )


class DumpRunsCommands(ToolError, DoesNotHold):
    code = "dump_runs_commands"
    template = _(
        "The dump holds commands for the program that restores it, which no dump needs. It was not restored. Look at "
        "who could change this copy."
    )


class DumpNeedsRights(ToolError, DoesNotHold):
    code = "dump_needs_rights"
    template = _(
        "The dump asks for rights that a restore test never gives. It was not restored. Its output in this step says "
        "for which."
    )


class ExtensionNotOffered(ToolError, CouldNot):
    code = "extension_not_offered"
    template = _(
        "The dump needs the extension %(extension)s, which restore tests on this host do not offer. Install it if it "
        "is one of the known ones, or leave it out of the database."
    )


class RestoreFailed(ToolError, DoesNotHold):
    code = "restore_failed"
    template = _("The dump could not be restored. The output in this step gives the reason.")


class QueryFailed(ToolError, CouldNot):
    code = "query_failed"
    template = _("The question to the restored database could not be answered. The output in this step says why.")


class QuestionTooLong(QueryFailed):
    code = "question_too_long"
    template = _(
        "A question to the restored database was ended after %(limit_seconds)s, so its answer is not known. Make the "
        "query simpler, or run this on a faster host."
    )
