"""`manage.py run_backup POLICY`"""

from backups.choices import RunKind
from backups.management.foreground import ForegroundCommand


class Command(ForegroundCommand):
    help = "Takes a backup now. Exit code: 0 it is stored, 2 it could not be taken."
    kind = RunKind.BACKUP
