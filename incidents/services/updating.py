"""Updates: what people are told about an incident while it lasts."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.text import safe_line, safe_text
from incidents.choices import State
from incidents.errors import CannotPublish, IsOver, NeedsAnother, NotWaiting, Unfit
from incidents.models import Incident, StatusEntry, Update, UpdateEffect, UpdateText
from incidents.models.updates import TEXT_LENGTH, TITLE_LENGTH
from incidents.selectors.telling import may_publish, publishers_of, status_page
from incidents.services.audience import tell_reporters, tell_workers, urgency_of
from incidents.services.moves import check_reason
from incidents.services.publishing import check_page_is_there, publish, tell_subscribers
from incidents.services.rows import LABEL_LENGTH, lock, save, write_down
from incidents.services.stakeholders import tell_stakeholders
from incidents.telling.choices import EVENT_OF, NEXT_STAGE, OVER, Audience, Effect, PublicState, Stage
from incidents.times import check_expected
from ledger.services import record
from notify.services import tell
from people.models import User
from people.selectors import same_hands

VERBS = {
    Audience.REPORTERS: "incident.updated_reporters",
    Audience.STAKEHOLDERS: "incident.updated_stakeholders",
    Audience.PUBLIC: "incident.published",
}


class Keep:
    """Stands for "leave it as it is" where None says "unknown"."""


KEEP = Keep()


@dataclass(frozen=True)
class Words:
    """An update in one language. title: above it on the status page."""

    text: str
    title: str = ""


class Spoken:
    """Words in several languages: as text, those of the language active when they are read, else the first."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def __str__(self) -> str:
        return self.texts.get(translation.get_language() or "") or next(iter(self.texts.values()), "")

    def __bool__(self) -> bool:
        return any(self.texts.values())


@transaction.atomic
def post_update(
    *,
    incident_id: uuid.UUID,
    by: User,
    audience: str,
    texts: Mapping[str, Words],
    public_state: str = "",
    effects: Mapping[StatusEntry, str] | None = None,
    expected_at: datetime | Keep | None = KEEP,
    next_at: datetime | None = None,
    public_title: str | None = None,
    version: int | None = None,
) -> Update:
    """Tell one audience how it stands. What goes to the public waits where somebody else has to approve it.

    texts: {language: Words}, one language at least; everybody reads their own where it is there.
    public_state, effects ({service of the status page: Effect}): for the public only.
    expected_at: when it should be over, for all who look at the incident.  next_at: when news follow.
    Raises Unfit, IsOver, CannotPublish, Stale.
    """
    _check(audience, texts, public_state, effects or {})
    if audience == Audience.PUBLIC:
        check_page_is_there()
    incident, now = lock(incident_id, version), timezone.now()
    _check_goes_on(incident, audience)
    check_expected(next_at, known=None, now=now, field="next_at")
    if not isinstance(expected_at, Keep):
        check_expected(expected_at, known=incident.expected_at, now=now)
    _describe(incident, audience, expected_at, public_title)
    update = Update.objects.create(
        incident=incident,
        audience=audience,
        public_state=public_state,
        stage=_stage(incident, by, audience),
        at=now,
        expected_at=incident.expected_at,
        next_at=next_at,
        by=by,
        by_label=str(by)[:LABEL_LENGTH],
    )
    UpdateText.objects.bulk_create(
        UpdateText(update=update, language=language, title=words.title.strip(), text=words.text.strip())
        for language, words in texts.items()
    )
    UpdateEffect.objects.bulk_create(
        UpdateEffect(update=update, entry=entry, effect=effect) for entry, effect in (effects or {}).items()
    )
    if update.stage == Stage.WAITING:
        record(verb="update.asked", subject=incident, actor=by, data={"update": update.pk})
        _ask(update, by)
    else:
        _send(update, by, now)
    return update


@transaction.atomic
def approve_update(*, update_id: uuid.UUID, by: User) -> Update:
    """Let everybody read what waits. Raises NotWaiting, IsOver, CannotPublish, NeedsAnother, or Update.DoesNotExist."""
    update, now = _waiting(update_id), timezone.now()
    _check_goes_on(update.incident, update.audience)
    _check_decides(update, by)
    _settle(update, Stage.SENT, by, now)
    update.at = now
    update.save(update_fields=["at"])
    _send(update, by, now)
    return update


@transaction.atomic
def decline_update(*, update_id: uuid.UUID, by: User, reason: str) -> Update:
    """Nobody reads it. Its author hears why. Raises as `approve_update` does; Unfit without a reason."""
    check_reason(reason)
    update, now = _waiting(update_id), timezone.now()
    if update.by_id != by.pk:  # who wrote it may take it back
        _check_decides(update, by)
    update.decline_reason = reason.strip()
    update.save(update_fields=["decline_reason"])
    _settle(update, Stage.DECLINED, by, now)
    record(verb="update.declined", subject=update.incident, actor=by, data={"update": update.pk})
    context = {"incident": update.incident, "by": by, "reason": reason.strip()}
    tell(kind="incident.update_declined", about=update.incident, to=[update.by], context=context, but=[by])
    return update


def spoken_of(update: Update) -> Spoken:
    """Its words, for whoever reads them."""
    return Spoken({each.language: each.text for each in update.texts.all()})


def _check_goes_on(incident: Incident, audience: str) -> None:
    """Raises IsOver. Of what is closed only everybody may still be told."""
    if incident.state in OVER and not (audience == Audience.PUBLIC and incident.state == State.CLOSED):
        raise IsOver


def _check(audience: str, texts: Mapping[str, Words], state: str, effects: Mapping[StatusEntry, str]) -> None:
    wrong: dict[str, list[str]] = {}
    if audience not in Audience.values:
        wrong["audience"] = [_("Choose who is told.")]
    if sentences := _wrong_words(texts, is_public=audience == Audience.PUBLIC):
        wrong["text"] = sentences
    if audience == Audience.PUBLIC and state not in PublicState.values:
        wrong["public_state"] = [_("Choose how it stands.")]
    if audience != Audience.PUBLIC and (state or effects):
        wrong["public_state"] = [_("Only the status page shows this.")]
    if not set(effects.values()) <= set(Effect.values) - {Effect.UNKNOWN, Effect.MAINTENANCE}:
        wrong["effects"] = [_("Choose how each service is.")]
    if state == PublicState.RESOLVED and set(effects.values()) - {Effect.OPERATIONAL}:
        wrong["effects"] = [_("When it is resolved, every service works again.")]
    if wrong:
        raise Unfit(fields=wrong)


def _wrong_words(texts: Mapping[str, Words], *, is_public: bool) -> list[str]:
    if not texts or not all(words.text.strip() for words in texts.values()):
        return [_("Write what people should know.")]
    if not set(texts) <= set(dict(settings.LANGUAGES)):
        return [_("Holdfast does not speak this language.")]
    if is_public and not all(words.title.strip() for words in texts.values()):
        return [_("What everybody reads needs a title.")]
    for words in texts.values():
        if len(words.text) > TEXT_LENGTH or len(words.title) > TITLE_LENGTH:
            return [_("This text is too long.")]
        try:
            safe_text(words.text)
            safe_line(words.title)
        except ValidationError as error:
            return [str(each) for each in error.messages]
    return []


def _describe(incident: Incident, audience: str, expected_at: datetime | Keep | None, public_title: str | None) -> None:
    if not isinstance(expected_at, Keep):
        incident.expected_at = expected_at
    if public_title is not None:
        incident.public_title = public_title.strip()
    save(incident, "expected_at", "public_title")


def _stage(incident: Incident, by: User, audience: str) -> Stage:
    if audience != Audience.PUBLIC:
        return Stage.SENT
    return Stage.SENT if may_publish(incident, by) and not status_page().needs_second_person else Stage.WAITING


def _ask(update: Update, by: User) -> None:
    """Whoever decides hears of it; where anybody may, all who work on it do."""
    incident = update.incident
    context: dict[str, Any] = {"text": spoken_of(update), "by": by}
    deciding = publishers_of(incident)
    if deciding is None:
        tell_workers(incident, "incident.update_waits", but=by, **context)
        return
    tell(
        kind="incident.update_waits",
        about=incident,
        to=deciding,
        context={"incident": incident, **context},
        urgency=urgency_of(incident),
        asks=True,
        but=[by],
    )


def _waiting(update_id: uuid.UUID) -> Update:
    """Incident first, as everything locks it. The update that waits, or NotWaiting."""
    incident = lock(Update.objects.values_list("incident_id", flat=True).get(pk=update_id))
    update = Update.objects.select_for_update(of=["self"]).select_related("by").get(pk=update_id)
    update.incident = incident
    if update.stage != Stage.WAITING:
        raise NotWaiting(now=update.get_stage_display())
    return update


def _check_decides(update: Update, by: User) -> None:
    if not may_publish(update.incident, by):
        names = ", ".join(str(each) for each in publishers_of(update.incident) or [])
        raise CannotPublish(name=names)
    if status_page().needs_second_person and update.by_id in same_hands(by):
        raise NeedsAnother


def _settle(update: Update, stage: Stage, by: User, now: datetime) -> None:
    if stage not in NEXT_STAGE[Stage(update.stage)]:
        raise NotWaiting(now=update.get_stage_display())
    update.stage, update.settled_by, update.settled_at = stage, by, now
    update.save(update_fields=["stage", "settled_by", "settled_at"])


def _send(update: Update, by: User, now: datetime) -> None:
    incident, audience = update.incident, Audience(update.audience)
    values: dict[str, Any] = {"expected_at": update.expected_at.isoformat()} if update.expected_at else {}
    if audience == Audience.PUBLIC:
        values["public_state"] = update.public_state
    write_down(
        incident,
        EVENT_OF[audience],
        verb=VERBS[audience],
        by=by,
        now=now,
        text="\n\n".join(each.text for each in update.texts.all()),
        values={**values, "update": update.pk.hex},
        is_public=audience == Audience.REPORTERS,
    )
    if audience == Audience.REPORTERS:
        tell_reporters(incident, "report.update", text=spoken_of(update), but=by, dedupe_key=key_of_update(update))
    elif audience == Audience.STAKEHOLDERS:
        tell_stakeholders(incident, update, spoken_of(update), but=by, dedupe_key=key_of_update(update))
    else:
        publish(update, by=by, now=now)
        tell_subscribers(update, dedupe_key=key_of_update(update))


def key_of_update(update: Update) -> str:
    """Under which every message of an update is told: by it they are found again."""
    return f"update:{update.pk}"
