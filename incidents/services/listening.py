"""Addresses outside that want news of the status page: asked for, confirmed by their owner, ended by one click."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.errors import Unfit
from incidents.models import StatusSubscriber
from incidents.selectors.telling import addresses_of_staff, status_page
from incidents.telling.choices import PageAudience
from ledger.services import record
from notify.about import About
from notify.services import tell_address

#: A link to confirm counts for so long; what nobody confirmed is forgotten then.
COUNTS = timedelta(days=2)
#: The same address is written to once in this time, whoever asks.
PAUSE = timedelta(hours=6)
#: What mail servers take.
LONGEST = 254
#: No more addresses than these; and no more new ones in an hour, whoever asks.
MOST, MOST_AN_HOUR = 5000, 200


@transaction.atomic
def ask_subscription(*, address: str, language: str, now: datetime | None = None) -> None:
    """Write to this address with a link to confirm. Nobody learns whether it was known, or whether it was written to.

    Raises Unfit for what is no address, and for a stranger's while the page is for staff alone. Above the limits
    nothing is sent, and nothing is said of it.
    """
    now, address = now or timezone.now(), address.strip().lower()
    if not _is_address(address):
        raise Unfit(fields={"address": [_("Enter an e-mail address.")]})
    read_by = status_page()
    if not read_by.takes_subscribers:
        return
    if read_by.audience != PageAudience.PUBLIC and not addresses_of_staff().filter(email=address).exists():
        raise Unfit(fields={"address": [_("Only staff read this page: enter the address of an account.")]})
    row = StatusSubscriber.objects.select_for_update().filter(address=address).first()
    if row is None:
        asked = StatusSubscriber.objects.filter(created_at__gt=now - timedelta(hours=1)).count()
        confirmed = StatusSubscriber.objects.exclude(confirmed_at=None)  # who never answers takes nobody's place
        if asked >= MOST_AN_HOUR or confirmed.count() >= MOST:
            return
        StatusSubscriber.objects.bulk_create(
            [StatusSubscriber(address=address, language=language, asked_at=now)], ignore_conflicts=True
        )
        row = StatusSubscriber.objects.get(address=address)
    elif row.asked_at > now - PAUSE:
        return
    is_known = row.confirmed_at is not None
    row.asked_at, row.language = now, row.language if is_known else language  # whoever asks need not be the owner
    row.save(update_fields=["asked_at", "language"])
    page = f"/status/unsubscribe/{row.token}/" if is_known else f"/status/confirm/{row.token}/"
    about = About("incidents.statussubscriber", str(row.pk), _("Status page"), page)
    tell_address(
        kind="status.confirm", about=about, address=address, language=row.language, context={"is_known": is_known}
    )


@transaction.atomic
def confirm_subscription(*, token: str, now: datetime | None = None) -> StatusSubscriber | None:
    """The owner of the address wants it. Twice is once. None: there is no such link, or it is too old."""
    now = now or timezone.now()
    row = StatusSubscriber.objects.select_for_update().filter(token=token).first()
    if row is None or (row.confirmed_at is None and row.asked_at < now - COUNTS):
        return None
    if row.confirmed_at is None:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
        record(verb="status_subscriber.confirmed", subject=row, actor="system:status-page")
    return row


@transaction.atomic
def end_subscription(*, token: str) -> bool:
    """The address is forgotten. Twice is once: False where there was none any more."""
    row = StatusSubscriber.objects.select_for_update().filter(token=token).first()
    if row is None:
        return False
    record(verb="status_subscriber.ended", subject=row, actor="system:status-page")
    row.delete()
    return True


def forget_unconfirmed(*, now: datetime) -> int:
    """Addresses whose owners never said yes are not kept. Returns how many went."""
    count, _by_model = StatusSubscriber.objects.filter(confirmed_at=None, asked_at__lt=now - COUNTS).delete()
    return count


def _is_address(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
