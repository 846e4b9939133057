"""Who is here, in which teams, and who acts for those who are away."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import ListView

from common.paging import Pages
from people.choices import Role
from people.models import Team, User
from people.selectors import absent_now, email_of, knows_duties, roles_of, visible_people

SEARCH_LENGTH = 100


class PeopleHere(LoginRequiredMixin, ListView):
    """/people/: everybody who may sign in, by name."""

    template_name = "people/people.html"
    context_object_name = "people"
    paginate_by = 50
    paginator_class = Pages

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Not there for those without a role."""
        if request.user.is_authenticated and not roles_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def searched(self) -> str:
        """What was typed, as far as it can be looked for."""
        return self.request.GET.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH]

    def get_queryset(self) -> QuerySet[User]:
        """People by name, with their roles and teams."""
        teams = Prefetch("teams", queryset=Team.objects.filter(is_active=True))
        here = visible_people(self.request.user).filter(is_active=True, is_machine=False)
        if self.searched:
            in_team = Q(teams__name__icontains=self.searched, teams__is_active=True)
            here = here.filter(Q(name__icontains=self.searched) | in_team).distinct()
        return here.select_related("manager").prefetch_related("groups", teams)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`rows` (person, roles, email, is_away, acts), `searched`, and the page of the list."""
        context = super().get_context_data(
            nav="people", searched=self.searched, knows_duties=knows_duties(self.request.user), **kwargs
        )
        away = absent_now(timezone.now())
        acting = User.objects.in_bulk([acts for acts in away.values() if acts])
        context["rows"] = [
            {
                "person": person,
                "roles": [Role(group.name).label for group in person.groups.all() if group.name in Role.values],
                "email": email_of(person, to=self.request.user),
                "is_away": person.pk in away,
                "acts": acting.get(away.get(person.pk)),
            }
            for person in context["people"]
        ]
        return context

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Never kept by the browser: who is here is nobody else's business."""
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
