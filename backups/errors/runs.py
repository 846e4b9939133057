"""What can stop a run, and what its steps have to say."""

from django.utils.translation import gettext_lazy as _

from backups.errors.base import CouldNot
from common.errors import DomainError


class WorkerDied(CouldNot):
    code = "worker_died"
    template = _(
        "The worker was ended %(attempts)s times while doing this. See its log: memory and disk first. "
        "The next slot runs as usual."
    )


class BroughtBack(CouldNot):
    code = "brought_back"
    template = _(
        "Holdfast was brought back from a copy that was taken while this waited or ran. "
        "What came of it then is not known here."
    )


class TookTooLong(CouldNot):
    code = "took_too_long"
    template = _(
        "This took longer than %(limit_seconds)s and was stopped. "
        "Allow a longer run in the policy, or find out what is slow."
    )


class Unexpected(CouldNot):
    code = "unexpected"
    template = _("Something unexpected stopped this (%(kind)s). The log of the worker has the details.")


class NothingToSave(CouldNot):
    code = "nothing_to_save"
    template = _("The policy has no source, so there is nothing to save. Give it one.")


class NoCanary(DomainError):
    code = "no_canary"
    template = _(
        "The user of this source may not write the table “holdfast_canary”, so the loss of data cannot be measured. "
        "Allow CREATE in its schema, or make the table and allow INSERT and DELETE."
    )


class PruneIncomplete(DomainError):
    code = "prune_incomplete"
    template = _("%(count)s old copies could not be removed. They are tried again after the next backup.")


class WorkerDiedHere(DomainError):
    code = "worker_died_here"
    template = _("The worker was ended here. The run was taken up again.")


class RowsUncounted(DomainError):
    code = "rows_uncounted"
    template = _(
        "The rows of %(count)s tables were not counted when the copy was made, because that took too long or was not "
        "allowed. Nothing is known about whether these tables are complete."
    )


class LeftOut(DomainError):
    code = "left_out"
    template = _("%(count)s things that only a superuser can make were not restored: %(names)s.")
