"""Setting up where copies lie."""

import os
import re
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backups.errors import RepositoryInUse, WrongRepository
from backups.models import Repository
from common.errors import Stale
from ledger.services import Actor, record

SETTABLE = ("name", "kind", "location", "site")

#: The one folder below DATA_DIR that may hold copies: the rest is what they are copies of.
OWN_COPIES = "copies"

#: Folders of the operating system: what lies in them is not kept, not ours, or cannot be written.
OF_THE_SYSTEM = re.compile(r"/+(bin|boot|dev|etc|lib(32|64|x32)?|proc|run|sbin|sys|usr)(/|$)")


@transaction.atomic
def create_repository(*, by: Actor, **columns: Any) -> Repository:
    """Name a place for copies. The folder is made and marked by the first backup. Raises WrongRepository."""
    repository = Repository(**columns)
    _check(repository)
    repository.save()
    record(verb="repository.created", subject=repository, actor=by, data={"after": _facts(repository)})
    return repository


@transaction.atomic
def change_repository(*, repository_id: UUID | str, by: Actor, version: int | None, **columns: Any) -> Repository:
    """Change a repository that was read at `version` (None: whatever it is).

    Raises Stale, WrongRepository, and RepositoryInUse when copies would be left behind.
    """
    repository = Repository.objects.select_for_update(of=["self"]).get(pk=repository_id)
    if version is not None and repository.version != version:
        raise Stale
    before = _facts(repository)
    changed = {name: value for name, value in columns.items() if getattr(repository, name) != value}
    if changed.keys() & {"kind", "location"} and repository.copies.exists():
        raise RepositoryInUse
    for name, value in changed.items():
        setattr(repository, name, value)
    if changed:
        _check(repository)
        Repository.objects.filter(pk=repository.pk).update(version=F("version") + 1, **changed)
        repository.version += 1
        data = {"before": before, "after": _facts(repository)}
        record(verb="repository.changed", subject=repository, actor=by, data=data)
    return repository


def _check(repository: Repository) -> None:
    fields: dict[str, list[str]] = {}
    try:
        repository.full_clean()
    except ValidationError as error:
        fields = {name: list(sentences) for name, sentences in error.message_dict.items()}
    if "location" not in fields and (wrong := _wrong_in_location(repository.location)):
        fields["location"] = [wrong]
    if fields:
        raise WrongRepository(fields=fields)


def _wrong_in_location(location: str) -> str:
    path = Path(location)
    if "\x00" in location or not path.is_absolute() or ".." in path.parts:
        return str(_("Give the absolute path of a folder, such as /srv/backups."))
    data = Path(settings.DATA_DIR)
    if data / OWN_COPIES in (path, *path.parents):
        return ""
    if path == Path("/") or path in data.parents or path == data:
        return str(_("This folder holds Holdfast's own data. Choose another one."))
    if data in path.parents:
        return str(_("This folder holds Holdfast's own data. Choose another one."))
    if any(OF_THE_SYSTEM.match(place) for place in (str(path), os.path.realpath(path))):
        return str(_("This folder belongs to the operating system. Choose one for copies only, such as /srv/backups."))
    program = Path(settings.BASE_DIR)
    if program in (path, *path.parents):
        return str(_("Holdfast's own program lies in this folder. Choose one for copies only, such as /srv/backups."))
    return ""


def _facts(repository: Repository) -> dict[str, Any]:
    site = str(repository.site_id) if repository.site_id else None
    return {"name": repository.name, "kind": repository.kind, "location": repository.location, "site": site}
