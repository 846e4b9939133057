"""The frame around every page: where one may go, what waits there, and what is live."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.selectors import sees_catalog
from incidents.choices import LIVE, URGENT_SEVERITY
from incidents.models import Incident
from incidents.selectors import may_report, visible_to
from notify.selectors import unread_count
from people.choices import Role, Theme
from people.selectors import Anyone, House, has_role, organisation, reads_all, roles_of
from readiness.jobs import sees_jobs
from readiness.ledger import may_read


@dataclass(frozen=True)
class Place:
    """One line of the navigation."""

    name: str
    icon: str
    label: str
    short: str
    url: str
    count: int = 0
    count_label: str = ""
    is_bad: bool = False
    #: Where the number comes from when the page is open, because it costs more than a glance.
    count_url: str = ""


@dataclass(frozen=True)
class Group:
    """Places under one heading."""

    label: str
    places: list[Place]


#: name → (address, icon, label, label where there is little room)
PLACES: dict[str, tuple[str, str, str | Promise, str | Promise]] = {
    "overview": ("overview", "i-overview", gettext_lazy("Overview"), gettext_lazy("Overview")),
    "work": ("my_work", "i-work", gettext_lazy("My work"), gettext_lazy("My work")),
    "messages": ("messages", "i-mail", gettext_lazy("Messages"), gettext_lazy("Messages")),
    "report": ("report", "i-report", gettext_lazy("Report a problem"), gettext_lazy("Report")),
    "incidents": ("incidents", "i-incident", gettext_lazy("Incidents"), gettext_lazy("Incidents")),
    "actions": ("actions", "i-flag", gettext_lazy("Actions"), gettext_lazy("Actions")),
    "cases": ("cases", "i-evidence", gettext_lazy("Cases"), gettext_lazy("Cases")),
    "catalog": ("catalog", "i-records", gettext_lazy("Services and systems"), gettext_lazy("Catalog")),
    "plans": ("plans", "i-plan", gettext_lazy("Plans"), gettext_lazy("Plans")),
    "backups": ("backups", "i-backup", gettext_lazy("Backups"), gettext_lazy("Backups")),
    "restore_tests": ("restore_tests", "i-restore", gettext_lazy("Restore tests"), gettext_lazy("Tests")),
    "people": ("people", "i-users", gettext_lazy("People"), gettext_lazy("People")),
    "ledger": ("ledger", "i-ledger", gettext_lazy("Ledger"), gettext_lazy("Ledger")),
    "jobs": ("jobs", "i-clock", gettext_lazy("Jobs"), gettext_lazy("Jobs")),
    "administration": ("admin:index", "i-settings", gettext_lazy("Administration"), gettext_lazy("Admin")),
}

#: More live incidents than this are counted, not read.
LIVE_SHOWN = 7

ROLE_ORDER = (Role.ADMINISTRATOR, Role.MANAGER, Role.RESPONDER, Role.AUDITOR, Role.REVIEWER, Role.REPORTER)


class Shell:
    """What base.html and solo.html show around a page. Each part is read once, when it is asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Anyone = request.user if hasattr(request, "user") else AnonymousUser()

    @property
    def is_signed_in(self) -> bool:
        return self.user.is_authenticated

    @property
    def organisation(self) -> str:
        return organisation().name

    @property
    def house(self) -> House:
        """Whose it is, and whether it is held since it came back from a copy."""
        return organisation()

    @property
    def may_let_go_on(self) -> bool:
        """Whether the reader may say that this is the house that goes on."""
        return has_role(self.user, Role.ADMINISTRATOR)

    @property
    def reads_threads(self) -> bool:
        """Whether the reader may follow what was done to the things that the reader sees."""
        return reads_all(self.user)

    @cached_property
    def theme(self) -> str:
        """Light or dark, or nothing: as the device says."""
        chosen = self.user.theme if self.user.is_authenticated else self.request.COOKIES.get("theme", "")
        return chosen if chosen in Theme.values else ""

    @cached_property
    def role(self) -> str:
        """The widest role of the reader, in words."""
        held = roles_of(self.user)
        return next((str(role.label) for role in ROLE_ORDER if role in held), _("No role yet"))

    @cached_property
    def places(self) -> list[Group]:
        """The navigation of this reader: only what exists and may be seen."""
        sees_backups, reports = sees_catalog(self.user), may_report(self.user)
        is_staff = getattr(self.user, "is_staff", False)
        people = ["people"] if roles_of(self.user) else []
        cases = ["cases"] if reads_all(self.user) else []
        groups = [
            ("", ["overview", *(["work"] if roles_of(self.user) else []), "messages"]),
            (
                _("Respond"),
                [*(["report"] if reports else []), "incidents", *(["actions"] if sees_backups else []), *cases],
            ),
            (_("Prepare"), ["plans", *(["backups", "catalog"] if sees_backups else []), *people]),
            (_("Prove"), [*(["restore_tests"] if sees_backups else []), *(["ledger"] if may_read(self.user) else [])]),
            (_("Set up"), [*(["jobs"] if sees_jobs(self.user) else []), *(["administration"] if is_staff else [])]),
        ]
        return [Group(label, [self._place(name) for name in names]) for label, names in groups if names]

    @cached_property
    def dock(self) -> list[Place]:
        """Four places within reach of the thumb; all others are behind More."""
        names = ["overview", "work" if sees_catalog(self.user) else "plans", "report", "incidents"]
        if not may_report(self.user):
            names[2] = "messages"
        return [self._place(name) for name in names]

    @cached_property
    def unread(self) -> int:
        """Messages that the reader has not read."""
        return unread_count(self.user)

    @cached_property
    def live(self) -> list[Incident]:
        """Live incidents that the reader may see, the worst first, as many as a page can show."""
        worst = (
            self._live.select_related("owner").defer("description", "steps_tried").order_by("severity", "reported_at")
        )
        return list(worst[:LIVE_SHOWN])

    @property
    def live_count(self) -> int:
        """How many there are."""
        return self._counts[0]

    @cached_property
    def _counts(self) -> tuple[int, int]:
        """(how many are live, how many of them are of severity 1 and 2)"""
        urgent = Count("pk", filter=Q(severity__lte=URGENT_SEVERITY))
        found = self._live.aggregate(live=Count("pk"), urgent=urgent)
        return found["live"], found["urgent"]

    @property
    def _live(self) -> QuerySet[Incident]:
        return visible_to(self.user).filter(state__in=LIVE)

    @cached_property
    def watch(self) -> list[Incident]:
        """What stands in the bar at the top: severity 1 and 2, without the page that is about it."""
        here = self.request.path
        return [one for one in self.live if one.severity <= URGENT_SEVERITY and one.reference not in here]

    @cached_property
    def watch_others(self) -> int:
        """How many more there are than the first of them."""
        here = sum(one.severity <= URGENT_SEVERITY for one in self.live) - len(self.watch)
        return self._counts[1] - here - 1

    def _place(self, name: str) -> Place:
        address, icon, label, short = PLACES[name]
        count, said, is_bad = self._waiting(name)
        count_url = reverse("work_count") if name == "work" else ""
        return Place(name, icon, str(label), str(short), reverse(address), count, said, is_bad, count_url)

    def _waiting(self, name: str) -> tuple[int, str, bool]:
        if name == "messages":
            return self.unread, ngettext("not read", "not read", self.unread), False
        if name == "incidents":
            is_bad = any(one.severity <= URGENT_SEVERITY for one in self.live)
            return self.live_count, ngettext("is open", "are open", self.live_count), is_bad
        return 0, "", False
