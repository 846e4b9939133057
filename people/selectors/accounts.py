"""Accounts that end on a day, and where people are signed in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from people.models import BrowserSession, User
from people.selectors.organisation import organisation


def today(now: datetime) -> date:
    """The day in the organisation's zone: accounts end when it is over."""
    return now.astimezone(ZoneInfo(organisation().time_zone)).date()


def has_ended(person: User, now: datetime | None = None) -> bool:
    """Whether the time of the account is over, also before the sweep has closed it."""
    return person.ends_on is not None and person.ends_on < today(now or timezone.now())


def ended_accounts(now: datetime) -> QuerySet[User]:
    """Accounts that may still sign in although their time is over."""
    return User.objects.filter(is_active=True, ends_on__lt=today(now))


def sessions_of(person: User) -> QuerySet[BrowserSession]:
    """Where the person is signed in, the latest first."""
    return BrowserSession.objects.filter(person=person)
