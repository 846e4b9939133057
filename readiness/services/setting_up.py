"""The first steps of an installation: whose it is, whether mails arrive, and what it begins with."""

from django.db import transaction
from django.utils.translation import gettext as _

from backups.models import BackupPolicy
from backups.services import set_schedule
from notify.about import About
from notify.choices import Urgency, Way
from notify.models import Delivery
from notify.services import tell
from people.models import Organisation, User
from people.services import end_set_up, name_organisation

TEST = "setup.mail_test"


@transaction.atomic
def name_house(*, name: str, time_zone: str, by: User) -> Organisation:
    """Say whose installation this is. What Holdfast saves of itself follows the clock of the house.

    Raises WrongDetails, naming fields.
    """
    organisation = name_organisation(name=name, time_zone=time_zone, by=by)
    own = BackupPolicy.objects.filter(is_own=True).first()
    if own is not None:
        for schedule in own.schedules.exclude(time_zone=time_zone):
            set_schedule(policy=own, kind=schedule.kind, rule=schedule.rule, time_zone=time_zone, by=by)
    return organisation


def send_test_mail(*, to: User) -> None:
    """Send a real message to the person who asks, who sees what became of it."""
    about = About("people.user", str(to.pk), _("Mail test"), "/welcome/")
    tell(kind=TEST, about=about, to=[to], urgency=Urgency.URGENT)


def last_test_mail(person: User) -> Delivery | None:
    """What became of the last one."""
    sent = Delivery.objects.filter(message__kind=TEST, message__to=person, way=Way.EMAIL)
    return sent.order_by("-created_at").first()


def finish(*, by: User) -> None:
    """The first steps were taken: the page is not offered any more, and can still be opened."""
    end_set_up(by=by)
