"""What waits for a person in emergency plans."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.work import MOST, WorkItem
from people.selectors import Anyone, working_for
from runbooks.choices import VersionState
from runbooks.models import PlanVersion
from runbooks.selectors.plans import visible_to


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """Drafts of plans that the user owns: until one is published, nobody works by it."""
    people = working_for(user, now)
    drafts = PlanVersion.objects.filter(state=VersionState.DRAFT, plan__in=visible_to(user), plan__owner__in=people)
    return [
        WorkItem(
            kind="runbooks.publish",
            title=_("Finish the draft of a plan and publish it"),
            about=str(draft),
            url=reverse("plan", args=[draft.plan.reference]),
            since=draft.created_at,
            state_word=draft.get_state_display(),
            acting_for=people[draft.plan.owner_id] if draft.plan.owner_id else "",
        )
        for draft in drafts.select_related("plan").order_by("created_at")[:MOST]
    ]
