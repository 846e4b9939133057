"""Which saved views a person has, and with which the list begins."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import FirstView, SavedView
from people.selectors import Anyone, reads_all, teams_of

#: More of one person's are a list of lists.
MOST = 50
#: Of these a page shows links.
SHOWN = 30


def views_of(user: Anyone) -> QuerySet[SavedView]:
    """Own views and those of the user's teams, by name; each with `is_first` and its owner and team."""
    if not reads_all(user):
        return SavedView.objects.none()
    first = FirstView.objects.filter(view=OuterRef("pk"), person=user.pk)
    open_to = Q(owner=user.pk) | Q(team__in=teams_of(user).values("pk"))
    return SavedView.objects.filter(open_to).annotate(is_first=Exists(first)).select_related("owner", "team")


def view_at(user: Anyone, view_id: UUID) -> QuerySet[SavedView]:
    """The one with this id, if it is the user's own."""
    return views_of(user).filter(pk=view_id, owner=user.pk)


def beginning_of(user: Anyone) -> SavedView | None:
    """The view that the user's list begins with; None for the plain list."""
    first = FirstView.objects.filter(person=user.pk).values("view")
    return views_of(user).filter(pk__in=first).first()
