"""`manage.py prepare`: what has to be in place before the first page is served. Again is harmless."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from common.schema import fit
from common.translations import compile_all


class Command(BaseCommand):
    help = "Migrate, compile translations, collect static files and, on the first start, set up."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as problem:
            said = str(problem).strip().splitlines()[0]
            raise CommandError(f"The database does not let us in: {said}. Check DATABASE_URL.") from problem
        found = fit()
        if found.is_newer or found.is_unfinished:
            raise CommandError(found.sentence)
        call_command("migrate", interactive=False, verbosity=0)
        compile_all(settings.BASE_DIR / "locale")
        _collect_static()
        if "first_start" in get_commands():
            call_command("first_start", stdout=self.stdout)


def _collect_static() -> None:
    """Collect only what changed since the last time, because hashing every file takes seconds."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    now = _fingerprint()
    if mark.is_file() and mark.read_text(encoding="ascii") == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(now, encoding="ascii")


def _fingerprint() -> str:
    digest = sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{storage.location}/{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
