"""What emergency plans can refuse."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CannotMove(DomainError):
    """The state that is wanted does not follow from the present one."""

    code = "plan_version_cannot_move"
    template = _("A version that is “%(now)s” cannot become “%(wanted)s”.")


class IsFixed(DomainError):
    """What was published stays as it was. A change is a new version."""

    code = "plan_version_is_fixed"
    template = _("%(version)s is not a draft any more and stays as it is. Draft a new version.")


class NoDraft(DomainError):
    """What is in force can not be given other reasons."""

    code = "plan_has_no_draft"
    template = _("This plan has no draft. Begin one, then say what it is for.")


class NothingWritten(DomainError):
    """A version without a text helps nobody."""

    code = "plan_version_is_empty"
    template = _("%(version)s has no text yet. Write it in at least one language.")


class Unfit(DomainError):
    """Something that was entered cannot be taken. `fields` says what."""

    code = "plan_unfit"
    status = 400
    template = _("Look at what you entered. Nothing was changed.")
