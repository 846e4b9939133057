"""Channels: set up, changed, switched on and off, their secrets exchanged. Addresses and secrets are sealed."""

import ipaddress
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError, Taken
from common.outgoing import AddressRefused, check_address, read_target
from common.secrets import seal
from common.text import safe_line
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from notify.choices import ChannelKind
from notify.errors import ChannelOff, NoSecret, WrongChannel
from notify.models import Channel
from notify.services.resting import cancel_waiting
from people.addresses import read_address
from people.choices import ContactKind

#: Both secrets sign for this long, so that the other side can change over without missing anything.
BOTH_COUNT = timedelta(days=7)
NAME_LENGTH = 120
SECRET_LENGTHS = range(16, 201)


@dataclass(frozen=True)
class NewChannel:
    """A channel, and its secret at the only moment at which it is known. Empty for a team's channel."""

    row: Channel
    secret: str


@transaction.atomic
def add_channel(*, name: str, kind: str, address: str, by: Actor, language: str = "en", secret: str = "") -> NewChannel:
    """Set up a channel. A web hook gets a secret when none is given. Raises WrongChannel or Taken."""
    whole, shown = _address(kind, address)
    channel = Channel(kind=kind, address=seal(whole), address_shown=shown)
    _describe(channel, name=name, language=language)
    text = ""
    if kind == ChannelKind.HOOK:
        text = _secret(secret)
        channel.secret = seal(text)
    channel.save(force_insert=True)
    record(verb="channel.added", subject=channel, actor=by, data={"kind": kind, "address": shown})
    return NewChannel(channel, text)


@transaction.atomic
def change_channel(
    *,
    channel_id: uuid.UUID,
    by: Actor,
    version: int | None = None,
    name: str | None = None,
    address: str | None = None,
    language: str | None = None,
    is_on: bool | None = None,
) -> Channel:
    """Change what is given. Switched off, what still waits is cancelled. Raises WrongChannel, Taken or Stale."""
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    check_version(channel, version)
    before = _for_ledger(channel)
    _describe(channel, name=name, language=language)
    if address:
        whole, channel.address_shown = _address(channel.kind, address)
        channel.address = seal(whole)
    if is_on is not None and is_on != channel.is_on:
        channel.is_on, channel.off_reason, channel.rests_until = is_on, "", None
        channel.failures = channel.losses = 0
        if not is_on:
            cancel_waiting(channel, timezone.now())
    raise_version(channel).save()
    record(verb="channel.changed", subject=channel, actor=by, data={"before": before, "after": _for_ledger(channel)})
    return channel


@transaction.atomic
def exchange_secret(*, channel_id: uuid.UUID, by: Actor, secret: str = "", version: int | None = None) -> NewChannel:
    """Give a web hook a new secret; the one before signs too for a week. Raises NoSecret, WrongChannel or Stale."""
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    check_version(channel, version)
    if channel.kind != ChannelKind.HOOK:
        raise NoSecret(name=channel.name)
    text = _secret(secret)
    channel.previous_secret, channel.previous_until = channel.secret, timezone.now() + BOTH_COUNT
    channel.secret = seal(text)
    raise_version(channel).save(update_fields=["secret", "previous_secret", "previous_until", "version"])
    record(verb="channel.secret_exchanged", subject=channel, actor=by, data={"both_until": channel.previous_until})
    return NewChannel(channel, text)


def check_on(channel: Channel) -> None:
    """Raises ChannelOff."""
    if not channel.is_on:
        raise ChannelOff(name=channel.name)


def _describe(channel: Channel, *, name: str | None, language: str | None) -> None:
    wrong: dict[str, list[str]] = {}
    if name is not None:
        channel.name = name.strip()
        try:
            safe_line(channel.name)
        except ValidationError as error:
            wrong["name"] = [str(each) for each in error.messages]
        if not 1 <= len(channel.name) <= NAME_LENGTH:
            wrong["name"] = [_("Give a name of at most 120 characters.")]
    if language is not None:
        channel.language = language
        if language not in dict(settings.LANGUAGES):
            wrong["language"] = [_("Holdfast does not speak this language.")]
    if wrong:
        raise WrongChannel(fields=wrong)
    if Channel.objects.filter(name=channel.name).exclude(pk=channel.pk).exists():
        raise Taken(fields={"name": [_("There is a channel of this name already.")]})


def _address(kind: str, given: str) -> tuple[str, str]:
    """The address as it is sent to, and as it may be shown. Raises WrongChannel, which never repeats it."""
    given = given.strip()
    if kind not in ChannelKind.values:
        raise WrongChannel(fields={"kind": [_("There is no such kind of channel.")]})
    try:
        if kind == ChannelKind.TEAM:
            found = read_address(ContactKind.APP, given)
            return found.whole, found.shown[:250]
        target = read_target(given)
        _check_literal(target.host, target.port)
    except AddressRefused as refusal:
        raise WrongChannel(fields={"address": [refusal.message]}) from refusal
    except DomainError as refusal:
        raise WrongChannel(fields={"address": refusal.fields.get("address", [refusal.message])}) from refusal
    return given, f"{target.scheme}://{target.host}:{target.port}/…"[:250]


def _check_literal(host: str, port: int) -> None:
    """A number is checked now; a name each time it is sent to, because what it stands for may change."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return
    check_address(host, port)


def _secret(given: str) -> str:
    if given and (len(given) not in SECRET_LENGTHS or not given.isascii() or not given.isprintable()):
        raise WrongChannel(fields={"secret": [_("Give 16 to 200 letters, digits and signs.")]})
    return given or secrets.token_urlsafe(32)


def _for_ledger(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "address": channel.address_shown,
        "language": channel.language,
        "is_on": channel.is_on,
    }
