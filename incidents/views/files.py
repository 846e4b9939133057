"""Files of incidents, given out: saved, or shown where they are pictures and nothing else."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers, get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.files import BEGINNINGS, open_file
from incidents import selectors, services
from incidents.errors import TooManyFiles, Unfit
from incidents.models import Attachment
from incidents.models.attachments import PICTURES
from incidents.services.attaching import AT_ONCE
from incidents.views.reading import find, reader

#: Whatever it holds, nothing of it runs, and nothing is fetched for it.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


@login_required
@require_GET
def incident_file(request: HttpRequest, reference: str, pk: uuid.UUID, show: bool = False) -> HttpResponseBase:
    """/incidents/<reference>/files/<id>/: for those who read the incident, and its reporter."""
    user = reader(request)
    incident = find(selectors.open_to(user), reference)
    return give(request, get_object_or_404(selectors.attachments_open_to(user, incident), pk=pk), show=show)


@login_required
@require_POST
def incident_files(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/files/: by those who work on it. All of them are taken in, or none."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    files = request.FILES.getlist("files")
    if not files or len(files) > AT_ONCE:
        raise TooManyFiles(limit=AT_ONCE) if files else Unfit(fields={"files": [_("Choose a file.")]})
    with transaction.atomic():
        for file in files:
            services.attach(
                incident_id=incident.pk,
                stream=file,
                name=file.name or "",
                by=user,
                is_public="is_public" in request.POST,
            )
    said = ngettext("%(count)s file was added.", "%(count)s files were added.", len(files))
    messages.success(request, said % {"count": len(files)})
    return redirect(incident)


@require_GET
def tracking_file(request: HttpRequest, token: str, pk: uuid.UUID, show: bool = False) -> HttpResponseBase:
    """/report/track/<token>/files/<id>/: for whoever knows the address."""
    incident = get_object_or_404(selectors.tracked(token))
    return give(
        request, get_object_or_404(selectors.public_attachments_of(incident, with_reporter=True), pk=pk), show=show
    )


def give(request: HttpRequest, attachment: Attachment, *, show: bool = False) -> HttpResponseBase:
    """The bytes.  show: as a picture in the page; Http404 for what is none. Else to be saved, whatever it is."""
    etag = f'"{attachment.file.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        content = open_file(attachment.file)
    except FileNotFoundError:
        raise Http404 from None
    if show and not _is_picture(attachment, content.read(12)):
        content.close()
        raise Http404
    content.seek(0)
    kind = attachment.file.content_type if attachment.is_picture else "application/octet-stream"
    response = FileResponse(content, as_attachment=not show, filename=attachment.name, content_type=kind)
    response["ETag"] = etag
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response


def _is_picture(attachment: Attachment, beginning: bytes) -> bool:
    """Looked at again: what was noted once, and what the bytes say now, must agree."""
    kind = attachment.file.content_type
    if kind not in PICTURES:
        return False
    if kind == "image/webp":
        return beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP"
    return any(beginning.startswith(first) for first, content_type in BEGINNINGS.items() if content_type == kind)
