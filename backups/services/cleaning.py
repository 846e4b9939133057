"""Removing what dead workers left: sandboxes and half copies."""

import logging

from backups.adapters.local import Folder, opened
from backups.adapters.place import Place
from backups.adapters.sandbox import janitor
from backups.choices import RunState
from backups.errors import RunError
from backups.models import Repository, Run
from backups.services.work import staging_of

log = logging.getLogger(__name__)


def clean_up() -> None:
    """Remove sandboxes whose owner is dead and staged copies whose run nobody holds. Safe at any time."""
    janitor()
    for repository in Repository.objects.all():
        place = Place(id=str(repository.pk), name=repository.name, location=repository.location)
        try:
            with opened(place, is_new=False) as folder:
                _remove_half_copies(folder)
        except RunError as error:
            log.info("nothing is cleaned up in %s: %s", repository, error.code)


def _remove_half_copies(folder: Folder) -> None:
    staged = folder.unfinished()
    running = Run.objects.filter(state=RunState.RUNNING).values_list("pk", "lease_token")
    held = {staging_of(pk, token) for pk, token in running if token is not None}
    for name in staged:
        if name not in held:
            folder.discard(name)
