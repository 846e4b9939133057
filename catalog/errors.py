"""What the catalog refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class WrongDetails(DomainError):
    """Values that cannot be stored; `fields` says which."""

    code = "wrong_details"
    status = 400
    template = _("Some of these details are not right. Nothing was changed.")


class DependencyImpossible(DomainError):
    """A dependency that makes no sense as such."""

    code = "dependency_impossible"
    status = 400
    template = _(
        "A service stands on services and systems, a system on other systems; nothing stands on itself. "
        "Name one thing that needs and one thing that is needed."
    )


class DependencyExists(DomainError):
    """The same dependency, written a second time."""

    code = "dependency_exists"
    template = _("“%(dependent)s” already stands on “%(need)s”.")


class DependencyCycle(DomainError):
    """Two things that would wait for each other for ever."""

    code = "dependency_cycle"
    template = _("“%(need)s” already stands on “%(dependent)s”, directly or not. Neither could be restored first.")


class StillNeeded(DomainError):
    """Something that others stand on cannot go out of use."""

    code = "still_needed"
    template = _("“%(subject)s” is still needed by %(names)s. Remove these dependencies first.")
