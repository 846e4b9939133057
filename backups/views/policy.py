"""One policy: when it runs, what it keeps, how far each copy was tried."""

from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from backups.choices import RunKind
from backups.models import BackupPolicy
from backups.selectors import conditions, may_run, proof_of_policy, runs_of, sees_backups, visible_to
from backups.services import request_run
from backups.views.access import BackupsPage
from common.errors import NotAllowed
from people.models import User

COPIES_SHOWN = 20
RUNS_SHOWN = 20


class StartRun(forms.Form):
    """What to start."""

    kind = forms.ChoiceField(choices=RunKind.choices)


class PolicyPage(BackupsPage):
    """Everything about one policy, and the three buttons that try it."""

    template_name = "backups/policy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policies = visible_to(self.request.user, BackupPolicy).select_related("system", "repository__site", "owner")
        policies = policies.prefetch_related("sources")
        policy = get_object_or_404(policies, slug=kwargs["slug"])
        copies = list(policy.copies.order_by("-taken_at")[:COPIES_SHOWN])
        known = conditions(copies)
        return super().get_context_data(
            policy=policy,
            verdict=proof_of_policy(policy),
            schedules=policy.schedules.order_by("kind"),
            copies=[(copy, known[copy.pk]) for copy in copies],
            runs=runs_of(policy)[:RUNS_SHOWN],
            now=timezone.now(),
            **kwargs,
        )


@login_required
@require_POST
def start_run(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a backup, check or restore test, and go where it can be watched."""
    user = cast(User, request.user)
    if not sees_backups(user):
        raise Http404
    policy = get_object_or_404(visible_to(user, BackupPolicy), slug=slug)
    if not may_run(user):
        raise NotAllowed
    form = StartRun(request.POST)
    if not form.is_valid():
        return redirect("backup_policy", slug=policy.slug)
    run = request_run(policy_id=policy.pk, kind=RunKind(form.cleaned_data["kind"]), by=user)
    return redirect("run", reference=run.reference)
