"""Removing what dead workers left: sandboxes and half copies."""

import logging

from backups.adapters.local import Folder, opened
from backups.adapters.place import Place
from backups.adapters.sandbox import janitor
from backups.choices import RunState
from backups.errors import RunError
from backups.models import Repository, Run

log = logging.getLogger(__name__)


def clean_up() -> None:
    """Remove sandboxes whose owner is dead and staged copies whose run nobody holds. Safe at any time."""
    janitor()
    for repository in Repository.objects.filter(copies__isnull=False).distinct():
        place = Place(id=str(repository.pk), name=repository.name, location=repository.location)
        try:
            with opened(place, is_new=False) as folder:
                _remove_half_copies(folder)
        except RunError as error:
            log.info("nothing is cleaned up in %s: %s", repository, error.code)


def _remove_half_copies(folder: Folder) -> None:
    staged = folder.unfinished()
    running = {str(pk) for pk in Run.objects.filter(state=RunState.RUNNING).values_list("pk", flat=True)}
    for run_id in staged:
        if run_id not in running:
            folder.discard(run_id)
