"""Texts to begin an update with: what is offered for an audience, filled with what is known of the incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import own_names
from incidents.models import Incident, UpdateTemplate
from incidents.selectors.telling import next_update_by
from incidents.telling.choices import Audience, PublicState
from notify.texts import fill
from people.selectors import organisation, zone_of

#: What a text may name, with examples for a preview.
EXAMPLES: Mapping[str, str | Promise] = {
    "expected": "15:30",
    "next": "14:38",
    "organisation": "Holdfast",
    "reference": "INC-0042",
    "services": gettext_lazy("Supplier invoicing"),
    "severity": "2",
    "since": "13:36",
    "state": gettext_lazy("Active"),
    "title": gettext_lazy("Invoices cannot be found"),
}
NAMES = tuple(EXAMPLES)


@dataclass(frozen=True)
class Beginning:
    """A text that is offered. titles, texts: by language."""

    code: str
    audience: str
    public_state: str
    names: Mapping[str, str | Promise]
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """On its button, in the active language."""
        return str(self.names.get(translation.get_language() or "") or next(iter(self.names.values())))


@dataclass(frozen=True)
class _Own:
    """One that comes with the product, in no language yet."""

    audience: str
    public_state: str
    name: Promise
    title: Promise | str
    text: Promise


OWN = {
    "reporters-working": _Own(
        Audience.REPORTERS, "", gettext_lazy("We are working on it"), "",
        gettext_lazy(
            "We are working on what you reported. It should be over: {expected}. You hear from us again by {next}."
        ),
    ),
    "reporters-nothing-new": _Own(
        Audience.REPORTERS, "", gettext_lazy("Nothing new yet"), "",
        gettext_lazy("There is nothing new yet, and we have not forgotten you. You hear from us again by {next}."),
    ),
    "reporters-workaround": _Own(
        Audience.REPORTERS, "", gettext_lazy("A way around it"), "",
        gettext_lazy("Until it is over, this helps: … It should be over: {expected}."),
    ),
    "stakeholders-state": _Own(
        Audience.STAKEHOLDERS, "", gettext_lazy("How it stands"), "",
        gettext_lazy(
            "{reference}, severity {severity}, {state}. Affected since {since}: {services}. "
            "It should be over: {expected}. What we know: … What we do: … Next news by {next}."
        ),
    ),
    "stakeholders-decision": _Own(
        Audience.STAKEHOLDERS, "", gettext_lazy("A decision is needed"), "",
        gettext_lazy("{reference}, severity {severity}: a decision is needed from you by {next}. The question: …"),
    ),
    "public-investigating": _Own(
        Audience.PUBLIC, PublicState.INVESTIGATING, gettext_lazy("Looking into it"),
        gettext_lazy("Disruption: {services}"),
        gettext_lazy("Since {since} there are problems with {services}. We are looking into it."),
    ),
    "public-identified": _Own(
        Audience.PUBLIC, PublicState.IDENTIFIED, gettext_lazy("Cause found"), gettext_lazy("Disruption: {services}"),
        gettext_lazy("We have found the cause of the problems with {services}. It should be over: {expected}."),
    ),
    "public-monitoring": _Own(
        Audience.PUBLIC, PublicState.MONITORING, gettext_lazy("Being watched"), gettext_lazy("Disruption: {services}"),
        gettext_lazy("{services} should work again. We keep watching before we say that it is over."),
    ),
    "public-resolved": _Own(
        Audience.PUBLIC, PublicState.RESOLVED, gettext_lazy("Resolved"), gettext_lazy("Disruption: {services}"),
        gettext_lazy("{services} work again. We are sorry for the trouble."),
    ),
}  # fmt: skip


def beginnings(audience: str) -> list[Beginning]:
    """What is offered for an audience: the product's own, where nothing of the organisation's replaces it, and that."""
    found = {code: _from_product(code, own) for code, own in OWN.items() if own.audience == audience}
    rows: dict[str, list[UpdateTemplate]] = {}
    for row in UpdateTemplate.objects.filter(audience=audience).order_by("code", "language"):
        rows.setdefault(row.code, []).append(row)
    for code, texts in rows.items():
        found[code] = _from_rows(code, texts)
        if not any(row.is_offered for row in texts):
            del found[code]
    return list(found.values())


def filled(beginning: Beginning, incident: Incident, services: list[str] | None = None) -> dict[str, tuple[str, str]]:
    """{language: (title, text)} with what is known of the incident; what is not known says so.

    Times are the organisation's: those who read it are not where the writer is.
    services: names for the public, where those of the incident may not be said.
    """
    said = {}
    for language in beginning.texts:
        with translation.override(language), timezone.override(zone_of(None)):
            values = _values(incident, beginning.audience, services)
            said[language] = (fill(beginning.titles.get(language, ""), values), fill(beginning.texts[language], values))
    return said


def _values(incident: Incident, audience: str, services: list[str] | None) -> dict[str, str]:
    unknown = _("not known yet")
    now = timezone.now()
    own = [own_names.shown(each.name) for each in incident.services.all()]
    is_public = audience == Audience.PUBLIC
    title = incident.public_title if is_public else incident.told_title
    return {
        "expected": _at(incident.expected_at) or unknown,
        "next": _at(next_update_by(incident, now) or now + timedelta(days=1)),
        "organisation": organisation().name,
        "reference": incident.reference,
        "services": ", ".join((services or []) if is_public else own) or unknown,
        "severity": str(incident.severity),
        "since": _at(incident.occurred_at or incident.reported_at),
        "state": str(incident.get_state_display()),
        "title": title or unknown,
    }


def _at(moment: datetime | None) -> str:
    """The time of today; day and time of another day."""
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    is_today = here.date() == timezone.localdate()
    return formats.date_format(here, "H:i" if is_today else "DATETIME_FORMAT")


def _from_product(code: str, own: _Own) -> Beginning:
    titles, texts, names = {}, {}, {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles[language], texts[language], names[language] = str(own.title), str(own.text), str(own.name)
    return Beginning(code, own.audience, str(own.public_state), names, titles, texts)


def _from_rows(code: str, rows: list[UpdateTemplate]) -> Beginning:
    return Beginning(
        code=code,
        audience=rows[0].audience,
        public_state=rows[0].public_state,
        names={row.language: row.name for row in rows},
        titles={row.language: row.title for row in rows},
        texts={row.language: row.text for row in rows},
    )
