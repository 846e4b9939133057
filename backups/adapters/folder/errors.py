"""What saving and restoring a folder runs into, each with a sentence that says what to do.

Names of files are never part of a sentence that is stored beside a run: they hang on the step as its output.
"""

from django.utils.translation import gettext_lazy as _

from backups.adapters.errors import ToolError
from backups.errors import CouldNot, DoesNotHold
from common.errors import DomainError


class FolderMissing(ToolError, CouldNot):
    code = "folder_missing"
    template = _("The folder %(path)s is not there. Mount it, or correct the path in the policy.")


class FolderIsNone(ToolError, CouldNot):
    code = "folder_is_none"
    template = _("%(path)s is not a folder. Correct the path in the policy.")


class FolderNotReadable(ToolError, CouldNot):
    code = "folder_not_readable"
    template = _("Holdfast may not read the folder %(path)s. Give the user that Holdfast runs as the right to it.")


class FolderRefused(ToolError, CouldNot):
    code = "folder_refused"
    template = _(
        "The folder %(path)s cannot be a source: it holds, or lies in, Holdfast's own data or program, a place for "
        "copies, or what the operating system makes up. Name another folder."
    )


class FolderNotWhole(DomainError):
    """A note on the step that saved: what it names stands in the step's output."""

    code = "folder_not_whole"
    template = _(
        "Not everything was saved as it stood: %(unreadable)s could not be read, %(changed)s changed and %(vanished)s "
        "vanished meanwhile. The output of this step names them."
    )


class FolderLeftOut(DomainError):
    """A note: this is no fault."""

    code = "folder_left_out"
    template = _("%(count)s sockets, pipes, devices or foreign file systems were left out. The output names them.")


class NoCanaryFile(DomainError):
    """A note: what is lost between backups cannot be measured."""

    code = "no_canary_file"
    template = _(
        "Holdfast may not write the file “.holdfast-canary” into this folder, so the loss of data cannot be measured. "
        "Give the user that Holdfast runs as the right to write there."
    )


class ArchiveDamaged(ToolError, DoesNotHold):
    code = "archive_damaged"
    template = _("The archive is damaged or cut off. Take a new backup, and look at the place where this one lies.")


class ArchiveHostile(ToolError, DoesNotHold):
    code = "archive_hostile"
    template = _(
        "The archive holds what Holdfast never writes: a device, a hard link, a name that leads out of it, or more "
        "than it may. It was not restored. Look at who could change this copy."
    )


class ArchiveNotAsListed(ToolError, DoesNotHold):
    code = "archive_not_as_listed"
    template = _(
        "The archive is not what its list of contents says. It was not restored. Take a new backup, and look at who "
        "could change this copy."
    )


class ListDamaged(ToolError, DoesNotHold):
    code = "list_damaged"
    template = _(
        "The list of contents of the saved folder is damaged, or holds what Holdfast never writes. Take a new backup, "
        "and look at who could change this copy."
    )
