"""3-2-1-1-0, computed from what is known and never typed in. Unknown is unknown.

Three copies (the data itself is one), on two media, one away from the site, one that cannot be changed, and no error
in the newest check and restore test. Decided here: a folder of this host is never a second medium for data of this
host, and never one that cannot be changed, for we can write to it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backups.choices import Engine, RunKind
from backups.models import BackupPolicy, PolicySource, Run
from backups.selectors.standing import GOOD, stands

#: The newest check that was to read the whole copy, among the newest runs of each kind.
FULL_CHECK = "full_check"
THIS_HOST = {"", "localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Digit:
    """One digit of the rule. is_met: None means that it is not known. why: one sentence."""

    digit: str
    label: str | Promise
    is_met: bool | None
    why: str | Promise


def digits(policy: BackupPolicy, places: int, last: dict[str, Run], *, now: datetime) -> tuple[Digit, ...]:
    """The five digits.

    places: repositories that hold a copy.  last: the newest ended run of each kind, and the newest full check.
    """
    return (_copies(places), _media(policy), _off_site(policy), _unchangeable(), _errors(last, now))


def _copies(places: int) -> Digit:
    why = _("The data itself and a copy in each of %(places)s repositories.") % {"places": places}
    return Digit("3", _("Copies"), places >= 2, why)


def _media(policy: BackupPolicy) -> Digit:
    label = _("Media")
    if is_on_this_host(policy):
        return Digit("2", label, False, _("The data and its copies lie on the same host."))
    return Digit("2", label, None, _("It is not known on what the data itself lies."))


def _off_site(policy: BackupPolicy) -> Digit:
    label = _("Off-site")
    here, there = policy.system.site_id, policy.repository.site_id
    if is_on_this_host(policy):
        return Digit("1", label, False, _("The copies lie on the host of the data itself."))
    if here is None or there is None:
        return Digit("1", label, None, _("The site of the system or of the repository is not set."))
    if here == there:
        return Digit("1", label, False, _("System and repository are at the same site."))
    return Digit("1", label, True, _("The repository is at another site than the system."))


def _unchangeable() -> Digit:
    return Digit("1", _("Unchangeable"), False, _("Holdfast can write to this repository, so a copy can be changed."))


def _errors(last: dict[str, Run], now: datetime) -> Digit:
    label = _("No errors")
    full, check, test = last.get(FULL_CHECK), last.get(RunKind.CHECK), last.get(RunKind.RESTORE_TEST)
    if any(stands(run) for run in (full, check, test)):
        return Digit("0", label, False, _("The newest check or restore test did not pass."))
    if full is None or full.ended_at is None or test is None or test.ended_at is None:
        return Digit("0", label, None, _("Not every copy was checked and restored yet."))
    if now - test.ended_at > settings.PROOF_MAX_AGE:
        return Digit("0", label, None, _("The newest restore test is too old to count."))
    if now - full.ended_at > settings.PROOF_MAX_AGE:
        return Digit("0", label, None, _("The newest full check is too old to count."))
    if any(run.outcome not in GOOD for run in (full, check, test) if run is not None):
        return Digit("0", label, True, _("What the newest check did not pass, a later run of a copy as new passed."))
    return Digit("0", label, True, _("The newest check and restore test passed."))


def is_on_this_host(policy: BackupPolicy) -> bool:
    """Whether something that the policy saves is certainly on the host where Holdfast and its repositories are."""
    return any(_is_here(source) for source in policy.sources.all())


def _is_here(source: PolicySource) -> bool:
    host = str(source.settings.get("host", ""))
    return source.is_own or source.engine == Engine.FOLDER or host in THIS_HOST or host.startswith("/")
