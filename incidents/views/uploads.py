"""Files that come with a form: one by one while it is filled in, or with it. They wait under the form's key."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from common.errors import DomainError
from incidents import selectors, services
from incidents.forms.reporting import KEY, FilesForm
from incidents.limits import check_rate
from incidents.models import Upload
from people.models import User

FIELD = "files"


@require_POST
def report_files(request: HttpRequest) -> HttpResponse:
    """/report/files/: one file for a report that is being written, or one that is left out. Answers with the list."""
    if not selectors.may_report_here(request.user):
        raise PermissionDenied
    return _keep(request)


@require_POST
def tracking_files(request: HttpRequest, token: str) -> HttpResponse:
    """/report/track/<token>/waiting/: the same for an answer on the tracking page."""
    incident = get_object_or_404(selectors.tracked(token).select_related("merged_into"))
    if not selectors.is_heard(incident.merged_into or incident, timezone.now()):
        raise Http404
    return _keep(request)


def keep_sent(request: HttpRequest, form: FilesForm) -> int:
    """Keep what came with the form itself; what is refused is said at its field. Returns 0, or the refusal's status."""
    status = 0
    form.full_clean()
    for file in request.FILES.getlist(FIELD):
        name = file.name or ""
        try:
            check_rate(request, "file")
            services.keep_upload(form=form.key, stream=file, name=name, person=_person(request))
        except DomainError as error:
            form.add_error(None, error.message if name in error.message else f"{name}: {error.message}")
            status = error.status
    return status


def drop_asked(request: HttpRequest, key: str) -> bool:
    """Leave out a file, where its button was pressed."""
    if "drop" not in request.POST:
        return False
    try:
        wanted = UUID(request.POST["drop"])
    except ValueError:
        raise Http404 from None
    services.drop_upload(form=key, person=_person(request), upload_id=wanted)
    return True


def waiting(request: HttpRequest, key: str) -> list[Upload]:
    """The files that wait under this key for this person."""
    return list(Upload.objects.filter(form=key, person=_person(request)).select_related("file"))


def _keep(request: HttpRequest) -> HttpResponse:
    key, refused, status = request.POST.get("form_key", ""), "", 200
    if not KEY.fullmatch(key):
        raise Http404
    file = request.FILES.get(FIELD)
    if not drop_asked(request, key) and file is not None:
        try:
            check_rate(request, "file")
            services.keep_upload(form=key, stream=file, name=file.name or "", person=_person(request))
        except DomainError as error:
            refused, status = error.message, error.status
    context = {"uploads": waiting(request, key), "refused": refused}
    response = render(request, "incidents/_uploads.html", context, status=status)
    # So that the script tells the list from an error page of whatever stands in between.
    response["X-Files"] = "list"
    return response


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
