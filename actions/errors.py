"""What actions refuse."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CannotMove(DomainError):
    """A move that the table does not have."""

    code = "action_cannot_move"
    template = _("An action that is “%(now)s” cannot become “%(wanted)s”.")


class Unfit(DomainError):
    """Values that make no sense; `fields` says which."""

    code = "wrong_details"
    status = 400
    template = _("Some of these details are not right. Nothing was changed.")


class NeedsProof(DomainError):
    """A kind of action that nobody's word verifies."""

    code = "action_needs_proof"
    template = _("Nobody's word verifies this. %(how)s")


class NotYourOwn(DomainError):
    """Two people: one who does it, one who looks."""

    code = "not_your_own"
    status = 403
    template = _("It was your work, so somebody else has to verify it.")


class PhaseInUse(DomainError):
    """A phase that still holds actions."""

    code = "phase_in_use"
    template = _("“%(phase)s” still holds actions. Move them to another phase first.")
