"""The jobs of the background, for those who keep the product going."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backups.selectors import may_run
from notify.selectors import may_retry
from readiness.jobs import jobs_at, sees_jobs


@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """/jobs/: what runs, waits, failed and comes; tried again by the buttons of the things themselves."""
    if not sees_jobs(request.user):
        raise Http404
    context = {
        "nav": "jobs",
        "jobs": jobs_at(timezone.now()),
        "may_run": may_run(request.user),
        "may_retry": may_retry(request.user),
    }
    return render(request, "readiness/jobs.html", context)
