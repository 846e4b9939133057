"""Collecting evidence against the checklist."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from incidents import selectors, services
from incidents.errors import NoSuchFile
from incidents.models import Attachment, Incident
from incidents.services.evidence import item_of
from incidents.views.reading import find, reader
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/evidence/: each item with what is there, and a way to add what is missing."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    wrong, status = "", 200
    if request.method == "POST":
        try:
            _carry_out(request, incident, user)
        except DomainError as error:
            said = [sentence for sentences in error.fields.values() for sentence in sentences]
            wrong, status = " ".join(said) or error.message, error.status
        else:
            messages.success(request, _("It is kept."))
            return redirect("incident_evidence", incident.reference)
    context = {
        "nav": "incidents",
        "incident": incident,
        "points": selectors.checklist_of(incident),
        "loose": selectors.attachments_of(incident).filter(evidence_item=""),
        "wrong": wrong,
        "wrong_item": request.POST.get("item", "") if wrong else "",
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "incidents/evidence.html", context, status=status)


def _carry_out(request: HttpRequest, incident: Incident, user: User) -> None:
    """What one of the buttons asks for. What no button sends is refused as an item that is not there."""
    key, what = request.POST.get("item", ""), request.POST.get("do", "")
    given: dict[str, Any] = {"incident_id": incident.pk, "key": key.replace("\0", ""), "by": user}
    if what == "not_needed":
        services.evidence_not_needed(reason=request.POST.get("reason", ""), **given)
    elif what == "needed":
        services.evidence_needed(**given)
    elif what == "collect":
        _collect(request.POST.get("file", ""), given)
    else:
        _attach(request, incident, user, given["key"])


def _collect(pk: str, given: dict[str, Any]) -> None:
    try:
        services.evidence_collected(attachment_id=uuid.UUID(pk), **given)
    except (ValueError, Attachment.DoesNotExist):
        raise NoSuchFile from None


@transaction.atomic
def _attach(request: HttpRequest, incident: Incident, user: User, key: str) -> None:
    item = item_of(incident, key)
    files = request.FILES.getlist("files")
    if not files:
        raise NoSuchFile
    for file in files[:10]:
        services.attach(incident_id=incident.pk, stream=file, name=file.name or "", by=user, evidence_item=item.key)
