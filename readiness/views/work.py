"""My work: everything that waits for me, done from here."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.selectors import may_report
from readiness.work import work_for


@login_required
@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """/my-work/: by due time, with what is done for people who are away. The buttons post to the things themselves."""
    work = work_for(request.user, timezone.now())
    context = {"nav": "work", "work": work, "may_report": may_report(request.user)}
    return render(request, "readiness/work.html", context)


@login_required
@require_GET
def work_count(request: HttpRequest) -> HttpResponse:
    """/my-work/count/: how many things wait, for the navigation of a page that is open."""
    return render(request, "readiness/work_count.html", {"work": work_for(request.user, timezone.now())})
