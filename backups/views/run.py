"""One backup, check or restore test, step by step while it happens."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from backups.choices import RunKind
from backups.models import Run
from backups.selectors import run_page
from backups.story import EARLIER, GOOD, Story
from backups.views.access import BackupsPage


class RunDetail(BackupsPage):
    """The whole page; for htmx the part that moves, or 204 when the reader has seen it all."""

    template_name = "backups/run.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
            if request.GET.get("seen") == context["story"].mark:
                return HttpResponse(status=204)
            self.template_name = "backups/run_news.html"
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            page = run_page(self.request.user, kwargs["reference"])
        except Run.DoesNotExist:
            raise Http404 from None
        is_test = page.run.kind == RunKind.RESTORE_TEST
        earlier = [run for run in page.earlier if run.outcome in GOOD and run.number < page.run.number]
        earlier = earlier[:EARLIER] if is_test else []
        prefetch_related_objects(earlier, "steps")
        if is_test:
            self.nav = "restore_tests"
        story = Story(page, earlier, timezone.now())
        return super().get_context_data(page=page, story=story, run=page.run, **kwargs)
