"""Why Holdfast itself is not brought back from a copy. What was there is then as it was, where nothing else is said."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NoOwnCopy(DomainError):
    code = "no_own_copy"
    template = _("%(path)s is no copy of Holdfast itself: %(reason)s. Give the folder that holds its manifest.json.")


class OwnCopyDamaged(DomainError):
    code = "own_copy_damaged"
    template = _("The copy is damaged: %(file)s is not what was saved. Take another copy.")


class OwnCopyOther(DomainError):
    code = "own_copy_other"
    template = _("This is not the copy that was meant: its list of contents has the digest %(found)s.")


class StillRunning(DomainError):
    code = "still_running"
    template = _("Holdfast is running with this database or this folder. Stop every part of it first.")


class DataIsHere(DomainError):
    code = "data_is_here"
    template = _("There is data here already. With --over it is set aside, and the copy takes its place.")


class KeysNeeded(DomainError):
    code = "keys_needed"
    template = _(
        "No keys are here, and a copy holds none. Give the folder that you keep outside: --keys FOLDER. "
        "Without it stored passwords cannot be opened, and who wrote the ledger cannot be checked: --without-keys."
    )


class KeysUnreadable(DomainError):
    code = "keys_unreadable"
    template = _("%(path)s holds no keys that can be used.")


class KeysAreGiven(DomainError):
    code = "keys_are_given"
    template = _("The keys come from SECRETS_KEYS here: put those of the folder there, and leave --keys out.")


class OwnRestoreFailed(DomainError):
    code = "own_restore_failed"
    template = _("The database was not brought back, and is as it was before: %(said)s")


class OwnRestoreUnfinished(DomainError):
    code = "own_restore_unfinished"
    template = _(
        "The copy was not brought back, and what was here before could not be put back either: %(said)s. "
        "Nothing of it is lost. Run the command again: it begins by putting it back."
    )
