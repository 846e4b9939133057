"""Writing an update, deciding on one, and seeing whom it reached."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import DomainError
from common.paging import Pages
from common.refusals import add_errors, refuse
from incidents import selectors, services
from incidents.choices import State
from incidents.forms.changing import ChangeForm
from incidents.forms.telling import EFFECT, FORMS, DeclineForm, StakeholderForm, TellForm, WithdrawForm
from incidents.models import Incident, Publication, Stakeholder, StatusEntry
from incidents.selectors import telling as told
from incidents.selectors.wording import beginnings, filled
from incidents.telling.choices import Audience, Effect, PageAudience, PublicState, Stage
from incidents.views.reading import find, reader
from notify.selectors import may_retry
from people.selectors import reads_all

PER_PAGE = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def update(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/update/?audience=…&template=…: one form for each audience; sent, or kept with why not."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    audience = request.POST.get("audience") or request.GET.get("audience") or Audience.REPORTERS
    if audience not in Audience.values:
        raise Http404
    form = _form(request, incident, audience)
    if request.method != "POST":
        return _ask(request, incident, form)
    if not form.is_valid():
        return _ask(request, incident, form, status=400)
    try:
        written = services.post_update(incident_id=incident.pk, by=user, **form.update())
    except DomainError as error:
        refuse(form, incident, error)
        return _ask(request, incident, form, status=error.status)
    waits = _("It waits until somebody approves it.")
    messages.success(request, waits if written.stage == Stage.WAITING else _("The update was sent."))
    return redirect(incident)


@login_required
@require_GET
def told_of(request: HttpRequest, reference: str, update_id: uuid.UUID) -> HttpResponse:
    """/incidents/<reference>/updates/<id>/: one update, and who got it by which way, and when."""
    user = reader(request)
    incident = find(selectors.visible_to(user), reference)
    if not reads_all(user):
        raise Http404
    found = get_object_or_404(incident.updates.prefetch_related("texts", "effects__entry__names"), pk=update_id)
    page = Pages(told.messages_of_update(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "incidents",
        "incident": incident,
        "update": found,
        "page": page,
        "may_retry": may_retry(user),
        "may_decide": found.stage == Stage.WAITING and told.may_publish(incident, user),
        "decline": DeclineForm(),
    }
    return render(request, "incidents/told.html", context)


@login_required
@require_POST
def approve(request: HttpRequest, reference: str, update_id: uuid.UUID) -> HttpResponse:
    """Everybody reads it from now on."""
    return _decide(request, reference, update_id, services.approve_update, _("It is published."))


@login_required
@require_POST
def decline(request: HttpRequest, reference: str, update_id: uuid.UUID) -> HttpResponse:
    """Nobody reads it."""
    reason = request.POST.get("reason", "").replace("\0", "")[:4000]
    return _decide(request, reference, update_id, services.decline_update, _("It was declined."), reason=reason)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unpublish(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/unpublish/: off the status page, with the reason."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    if not Publication.objects.filter(incident=incident, withdrawn_at=None).exists():
        raise Http404

    def do(given: dict[str, Any]) -> None:
        services.unpublish(incident_id=incident.pk, by=user, reason=given["reason"])

    words = {
        "label": _("Take it off the status page"),
        "lead": _("All that was published of it disappears. Mails that were sent stay sent."),
        "done": _("It is off the status page."),
    }
    return _one_form(request, incident, WithdrawForm, do, words)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stakeholders(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/stakeholders/: who is told of it by name."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    form, code = StakeholderForm(request.POST or None), 200
    if request.method == "POST":
        code = 400
        if form.is_valid():
            try:
                services.name_stakeholder(incident_id=incident.pk, by=user, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
                code = error.status
            else:
                return redirect("incident_stakeholders", incident.reference)
    context = {
        "nav": "incidents",
        "incident": incident,
        "form": form,
        "named": incident.stakeholders.select_related("person", "team"),
        "told": told.stakeholders_of(incident),
    }
    return render(request, "incidents/stakeholders.html", context, status=code)


@login_required
@require_POST
def remove_stakeholder(request: HttpRequest, reference: str, stakeholder_id: uuid.UUID) -> HttpResponse:
    """Not told by name any more."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    found = get_object_or_404(Stakeholder, incident=incident, pk=stakeholder_id)
    services.unname_stakeholder(stakeholder_id=found.pk, by=user)
    return redirect("incident_stakeholders", incident.reference)


def _form(request: HttpRequest, incident: Incident, audience: str) -> TellForm:
    more: dict[str, Any] = {}
    entries: list[StatusEntry] = told.entries_of(incident) if audience == Audience.PUBLIC else []
    if audience == Audience.PUBLIC:
        more["entries"] = entries
    form = FORMS[audience](request.POST or None, incident=incident, **more)
    if form.is_bound:
        return form
    effects = told.effects_to_begin_with(incident, entries) if entries else {}
    chosen = next((each for each in beginnings(audience) if each.code == request.GET.get("template")), None)
    if chosen is not None:
        form.initial["public_state"] = chosen.public_state
        if chosen.public_state == PublicState.RESOLVED:
            effects = dict.fromkeys(effects, Effect.OPERATIONAL.value)
        names = [entry for entry in entries if entry.pk in effects]
        form.fill(_filled(chosen, incident, names))
    form.initial.update({f"{EFFECT}{pk}": effect for pk, effect in effects.items()})
    return form


def _filled(chosen: Any, incident: Incident, entries: list[StatusEntry]) -> dict[str, tuple[str, str]]:
    said = {}
    for language in chosen.texts:
        with translation.override(language):
            said[language] = filled(chosen, incident, [str(entry) for entry in entries])[language]
    return said


def _ask(request: HttpRequest, incident: Incident, form: TellForm, *, status: int = 200) -> HttpResponse:
    page = told.status_page()
    is_open = page.audience != PageAudience.OFF and page.pk is not None and not page._state.adding
    context = {
        "nav": "incidents",
        "incident": incident,
        "form": form,
        "audience": form.audience_of,
        "audiences": [each for each in Audience if each != Audience.PUBLIC or is_open],
        "beginnings": beginnings(form.audience_of),
        "told": told.stakeholders_of(incident) if form.audience_of == Audience.STAKEHOLDERS else [],
        "must_wait": form.audience_of == Audience.PUBLIC
        and (page.needs_second_person or not told.may_publish(incident, reader(request))),
        "is_over": incident.state in (State.CANCELLED, State.MERGED),
    }
    return render(request, "incidents/update.html", context, status=status)


def _decide(
    request: HttpRequest, reference: str, update_id: uuid.UUID, service: Any, done: str, **more: Any
) -> HttpResponse:
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    found = get_object_or_404(incident.updates, pk=update_id)
    service(update_id=found.pk, by=user, **more)
    messages.success(request, done)
    return redirect(incident)


def _one_form(
    request: HttpRequest, incident: Incident, kind: type[ChangeForm], do: Any, words: dict[str, str]
) -> HttpResponse:
    form = kind(request.POST or None, incident=incident)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            do(form.cleaned_data)
        except DomainError as error:
            refuse(form, incident, error)
            status = error.status
        else:
            messages.success(request, words["done"])
            return redirect(incident)
    context = {"nav": "incidents", "incident": incident, "form": form, "words": words}
    return render(request, "incidents/ask.html", context, status=status)
