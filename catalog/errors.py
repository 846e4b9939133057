"""What the catalog refuses."""

from django.utils.translation import gettext_lazy as _

from catalog.models import Service, System
from common import spans
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


class NotInUse(DomainError):
    """Nothing new stands on what was taken out of use."""

    code = "not_in_use"
    template = _("“%(subject)s” is out of use. Bring it back first, or name what took its place.")


class TargetTooLong(DomainError):
    """What is required may not take longer to come back than what requires it."""

    code = "target_too_long"
    template = _(
        "“%(need)s” may take %(allowed)s to come back, but “%(dependent)s” requires it and must be back in %(target)s. "
        "Make the one target shorter, or the other longer."
    )

    def __init__(self, need: Service | System, dependent: Service | System) -> None:
        self.need, self.dependent = need, dependent
        super().__init__(
            need=need,
            dependent=dependent,
            allowed=spans.duration(need.recovery_time_objective),
            target=spans.duration(dependent.recovery_time_objective),
        )


class ImpactFalls(DomainError):
    """What is lost does not come back by waiting longer."""

    code = "impact_falls"
    status = 400
    template = _(
        "“%(criterion)s” is rated lower after %(later)s than after %(earlier)s. "
        "What an outage does never falls with time: raise the later one, or lower the earlier."
    )
