"""One incident to take along, as an archive or as a document."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from incidents import selectors
from incidents.downloads import PDF, ZIP, exported
from incidents.models import Incident
from incidents.views.reading import find, reader


@login_required
@require_POST
def export_incident(request: HttpRequest, reference: str, form: str) -> HttpResponseBase:
    """/incidents/<reference>/export/<zip or pdf>/: for those who read the incident whole."""
    user = reader(request)
    incidents = selectors.visible_to(user) if selectors.reads_timeline(user) else Incident.objects.none()
    incident = find(incidents.select_related("owner", "reporter", "team", "entered_by"), reference)
    if form not in {ZIP, PDF}:
        raise Http404
    return exported(incident, user, form)
