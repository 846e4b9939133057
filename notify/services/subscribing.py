"""What a channel hears, and whether it hears at all."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Service
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from notify.errors import WrongChannel
from notify.events import channel_events
from notify.models import Channel, Subscription

#: Incidents are 1 (the worst) to 4.
SEVERITIES = ("1", "2", "3", "4")


@transaction.atomic
def subscribe(
    *,
    channel: Channel,
    by: Actor,
    kinds: Iterable[str] = (),
    severities: Iterable[str] = (),
    services: Iterable[Service] = (),
) -> Subscription:
    """From now on the channel is told these kinds, of these severities and services. Nothing given narrows nothing.

    Raises WrongChannel.
    """
    subscription = Subscription(channel=channel, kinds=_kinds(kinds), severities=_severities(severities))
    subscription.save(force_insert=True)
    subscription.services.set(services)
    record(verb="subscription.added", subject=subscription, actor=by, data=_for_ledger(subscription))
    return subscription


@transaction.atomic
def change_subscription(
    *,
    subscription_id: uuid.UUID,
    by: Actor,
    version: int | None = None,
    kinds: Iterable[str] | None = None,
    severities: Iterable[str] | None = None,
    services: Iterable[Service] | None = None,
) -> Subscription:
    """Tell the channel something else; what is not given stays. Raises WrongChannel or Stale."""
    subscription = Subscription.objects.select_for_update(of=["self"]).select_related("channel").get(pk=subscription_id)
    check_version(subscription, version)
    before = _for_ledger(subscription)
    if kinds is not None:
        subscription.kinds = _kinds(kinds)
    if severities is not None:
        subscription.severities = _severities(severities)
    raise_version(subscription).save()
    if services is not None:
        subscription.services.set(services)
    data = {"before": before, "after": _for_ledger(subscription)}
    record(verb="subscription.changed", subject=subscription, actor=by, data=data)
    return subscription


@transaction.atomic
def unsubscribe(*, subscription_id: uuid.UUID, by: Actor) -> None:
    """The channel hears nothing more of this. Raises Subscription.DoesNotExist."""
    subscription = Subscription.objects.select_for_update(of=["self"]).select_related("channel").get(pk=subscription_id)
    record(verb="subscription.ended", subject=subscription, actor=by, data=_for_ledger(subscription))
    subscription.delete()


def _kinds(given: Iterable[str]) -> list[str]:
    known = {event.kind for event in channel_events()}
    wanted = sorted(set(given))
    if unknown := [each for each in wanted if each not in known]:
        sentence = _("Channels do not hear of this: %(kinds)s") % {"kinds": ", ".join(unknown)[:200]}
        raise WrongChannel(fields={"kinds": [sentence]})
    return wanted


def _severities(given: Iterable[str]) -> list[str]:
    wanted = sorted({str(each) for each in given})
    if any(each not in SEVERITIES for each in wanted):
        raise WrongChannel(fields={"severities": [_("Severities are 1 to 4.")]})
    return wanted


def _for_ledger(subscription: Subscription) -> dict[str, Any]:
    return {
        "channel": str(subscription.channel_id),
        "kinds": subscription.kinds,
        "severities": subscription.severities,
        "services": sorted(str(each) for each in subscription.services.values_list("pk", flat=True)),
    }
