"""What leaves as a file."""

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from incidents import services
from incidents.export import document, stream
from incidents.export.archive import Reader
from incidents.models import Incident
from people.models import User

ZIP, PDF = "zip", "pdf"


def exported(incident: Incident, user: User, form: str) -> HttpResponseBase:
    """The file, in the reader's language. It is written down before the first byte leaves."""
    services.export_incident(incident=incident, by=user, form=form)
    if form == PDF:
        answer = StreamingHttpResponse([document(incident, str(user))], content_type="application/pdf")
    else:
        made_for = Reader(str(user), translation.get_language() or "en", timezone.get_current_timezone_name())
        answer = StreamingHttpResponse(stream(incident, made_for), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{incident.reference}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer
