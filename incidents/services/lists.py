"""Keeping lists that people come back to. They are a person's own: the ledger hears of those that others see."""

import uuid
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from common.errors import NotAllowed
from common.text import safe_line
from common.versions import check_version, raise_version
from incidents.errors import TooManyViews, Unfit
from incidents.models import FirstView, SavedView
from incidents.models.lists import QUERY_LENGTH
from incidents.selectors import Wanted, views_of
from incidents.selectors.lists import MOST
from ledger.services import record
from people.models import Team, User
from people.selectors import reads_all, teams_of

NAME_LENGTH = 60


@transaction.atomic
def save_view(*, by: User, name: str, query: str, team: Team | None = None) -> SavedView:
    """Keep the filters of an address under a name, of which what makes no sense is left out.

    team: one of the person's own that sees it too.  Raises Unfit, or TooManyViews above fifty.
    """
    if not reads_all(by):
        raise NotAllowed
    User.objects.select_for_update().get(pk=by.pk)
    if SavedView.objects.filter(owner=by).count() >= MOST:
        raise TooManyViews(most=MOST)
    view = SavedView(owner=by, name=_name(by, name), query=_query(query), team=_team(by, team))
    view.save(force_insert=True)
    _tell_ledger(view, None, by)
    return view


@transaction.atomic
def change_view(*, view_id: uuid.UUID, by: User, changes: dict[str, Any], version: int | None = None) -> SavedView:
    """Call it otherwise, let it hold other filters, or share it.

    changes: {"name", "query" or "team": value}; a team of None keeps it to oneself.
    """
    view = _own(view_id, by)
    check_version(view, version)
    before = view.team
    checks = {"name": lambda name: _name(by, name, but=view), "query": _query, "team": lambda team: _team(by, team)}
    for field, check in checks.items():
        if field in changes:
            setattr(view, field, check(changes[field]))
    raise_version(view).save(update_fields=[*checks, "version"])
    if view.team != before:
        _tell_ledger(view, before, by)
    return view


@transaction.atomic
def remove_view(*, view_id: uuid.UUID, by: User) -> None:
    """It is gone for all who saw it. Their lists begin plainly again."""
    view = _own(view_id, by)
    if view.team is not None:
        record(verb="saved_view.removed", subject=view, actor=by, data={"team": str(view.team.pk)})
    view.delete()


@transaction.atomic
def begin_with(*, by: User, view_id: uuid.UUID | None) -> None:
    """The person's list begins with this view from now on; None: with what is open. Twice is once."""
    if view_id is None:
        FirstView.objects.filter(person=by).delete()
        return
    view = views_of(by).get(pk=view_id)
    FirstView.objects.update_or_create(person=by, defaults={"view": view})


def _own(view_id: uuid.UUID, by: User) -> SavedView:
    return SavedView.objects.select_for_update(of=("self",)).select_related("team").get(pk=view_id, owner=by)


def _name(by: User, name: str, but: SavedView | None = None) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise Unfit(fields={"name": [_("Give it a name of at most %(most)s characters.") % {"most": NAME_LENGTH}]})
    safe_line(name)
    others = SavedView.objects.filter(owner=by, name__iexact=name)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Unfit(fields={"name": [_("You have a view of this name already.")]})
    return name


def _query(query: str) -> str:
    if len(query) > QUERY_LENGTH:
        raise Unfit(fields={"query": [_("These are more filters than a view can hold.")]})
    return Wanted.read(QueryDict(query.removeprefix("?"))).address


def _team(by: User, team: Team | None) -> Team | None:
    if team is not None and not teams_of(by).filter(pk=team.pk).exists():
        raise Unfit(fields={"team": [_("Choose a team of yours.")]})
    return team


def _tell_ledger(view: SavedView, before: Team | None, by: User) -> None:
    """Only what becomes of what others see: filters of one's own are nobody's business."""
    if view.team is None and before is None:
        return
    verb = "saved_view.shared" if view.team else "saved_view.kept_back"
    record(verb=verb, subject=view, actor=by, data={"team": str((view.team or before).pk)})  # type: ignore[union-attr]
