"""Links to a new password: asked for in a row, sent once by whoever holds it."""

import logging
import uuid
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from common.jobs import enqueue
from common.leases import MAX_ATTEMPTS, claim, held, shorten
from ledger.services import record
from people import jobs
from people.models import PasswordReset, User
from people.selectors import language_of
from people.services.sign_in import SIGN_IN

log = logging.getLogger(__name__)

#: A link that waits this long may have been lost by the broker: it is queued again.
QUEUE_AGAIN_AFTER = timedelta(seconds=15)
#: A mail server that is away is asked again after this long, longer each time: nobody wants to ask twice for a link.
PAUSE = timedelta(seconds=15)
AT_ONCE = 100


@transaction.atomic
def request_password_reset(*, person: User) -> None:
    """Send the person a link by which they make a new password, in the background. While one waits, it is that one."""
    PasswordReset.objects.get_or_create(person=person)
    record(verb="person.password_reset_requested", subject=person, actor=SIGN_IN)
    _queue(person.pk)


def send_password_reset(*, person_id: uuid.UUID) -> bool:
    """Send the link that somebody waits for. Safe to call twice: the second call does nothing. Returns whether it went.

    A mail server that does not take it is asked again by the sweep, and given up after the third time.
    """
    token = claim(PasswordReset.objects.filter(person_id=person_id))
    if token is None:
        return False
    reset = PasswordReset.objects.select_related("person").get(person_id=person_id)
    mine = held(PasswordReset, reset.pk, token)
    try:
        if _may_have_one(reset.person):
            _mail(reset).send()  # slow: no transaction is open here
    except OSError as error:
        log.warning("a link to a new password could not be sent: %s", error)
        mine.update(lease_until=timezone.now() + reset.attempts * PAUSE, lease_token=None)
        return False
    mine.delete()
    return True


@transaction.atomic
def take_up_resets(*, now: datetime) -> None:
    """Queue again the links that the broker or a worker lost, and give up those that nobody takes."""
    dropped = Q(lease_until__lt=now) | Q(lease_until__isnull=True, created_at__lt=now - QUEUE_AGAIN_AFTER)
    rows = PasswordReset.objects.filter(dropped).select_related("person").order_by("created_at")
    for reset in rows.select_for_update(skip_locked=True, of=["self"])[:AT_ONCE]:
        if reset.attempts < MAX_ATTEMPTS:
            _queue(reset.person_id)
        else:
            record(verb="person.password_reset_given_up", subject=reset.person, actor=SIGN_IN)
            reset.delete()


def count_resets_anew(*, now: datetime) -> None:
    """The clock was ahead until now: nothing waits for longer than it would have."""
    shorten(PasswordReset.objects.all(), now=now)
    PasswordReset.objects.filter(created_at__gt=now).update(created_at=now)


def _queue(person_id: uuid.UUID) -> None:
    enqueue(jobs.SEND_PASSWORD_RESET, queue="page", person_id=str(person_id))


def _may_have_one(person: User) -> bool:
    return person.is_active and not person.is_machine and bool(person.email)


def forget_password_resets() -> int:
    """Send none of those that wait. Returns how many."""
    count, _each = PasswordReset.objects.all().delete()
    return count


def _mail(reset: PasswordReset) -> EmailMessage:
    """In the person's language. The link is made here, so that nothing ever holds it. A repeat has the same id."""
    person = reset.person
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    with translation.override(language_of(person)):
        context = {"person": person, "link": settings.BASE_URL + path}
        subject = render_to_string("people/password_reset.subject.txt", context).strip()
        body = render_to_string("people/password_reset.body.txt", context)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(subject, body, to=[person.email], headers={"Message-ID": f"<{reset.pk}@{host}>"})
