"""Apps in which people and teams are reached, by Apprise. Its address says which app, and holds its secrets.

Apprise knows how each app is spoken to; the connections are ours. Its plugins send by the module `requests`, in whose
place they get a door: every address is checked and pinned as those of web hooks are, whatever the plugin, a redirect
or a name server makes of it. A plugin that sends in another way is not used.
"""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from common.errors import DomainError
from common.outgoing import Deadline, NoAnswer
from notify.adapters.refusals import NotSent, Taken
from notify.adapters.safe import covered
from notify.choices import Outcome
from people.choices import APP_SCHEMES

if TYPE_CHECKING:
    from notify.adapters.door import Door

#: An app may be asked several times for one message; all of it ends before the lease of the delivery does.
DEADLINE_SECONDS = 40.0


def send(address: str, *, subject: str, text: str, deadline_seconds: float = DEADLINE_SECONDS) -> Taken:
    """Hand one message to an app. Raises NotSent. Nothing that comes back repeats the address."""
    if urlsplit(address).scheme not in APP_SCHEMES:
        raise NotSent("Holdfast does not send to this kind of address.", is_permanent=True)
    door = _door()
    service = _service(door, _plain(address))
    with Deadline(deadline_seconds) as deadline, door.open(deadline) as walk:
        is_taken = service.notify(title=subject, body=text)
    said = covered(walk.text, [address])
    if not is_taken:
        raise _not_sent(walk.trouble, walk.status, said, is_late=deadline.is_over)
    return Taken(walk.status, said)


def _not_sent(trouble: DomainError | NoAnswer | None, status: int | None, text: str, *, is_late: bool) -> NotSent:
    if isinstance(trouble, DomainError):
        return NotSent(trouble.message, is_permanent=True, outcome=Outcome.NOT_SENT_THERE)
    if is_late:
        return NotSent(str(Outcome.LATE.label), is_permanent=False, outcome=Outcome.LATE)
    if isinstance(trouble, NoAnswer):
        return NotSent(covered(str(trouble)), is_permanent=False, outcome=Outcome(trouble.why.value))
    said = f": {status} {text[:200]}".rstrip() if status else "."
    return NotSent(f"The app's server did not take it{said}", is_permanent=False, status=status, text=text)


def _plain(address: str) -> str:
    """Without options: they could change how long is waited, or whom is believed."""
    return address.partition("?")[0]


def _service(door: "Door", address: str) -> Any:
    import apprise  # heavy: only the worker that sends to an app pays for it

    service = apprise.Apprise.instantiate(address, asset=apprise.AppriseAsset(app_id="Holdfast"))
    if service is None:
        raise NotSent("The app's address is not complete.", is_permanent=True)
    if not door.leads(type(service)):
        raise NotSent("Holdfast does not send to this kind of address.", is_permanent=True)
    return service


@cache
def _door() -> "Door":
    from notify.adapters.door import Door  # heavy: it loads `requests`

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines repeat addresses, which hold secrets
    return Door()
