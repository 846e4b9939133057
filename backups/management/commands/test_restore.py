"""`manage.py test_restore POLICY`"""

from backups.choices import RunKind
from backups.management.foreground import ForegroundCommand


class Command(ForegroundCommand):
    help = "Restores the newest copy now, apart from everything else. Exit code: 0 it holds, 1 it does not, 2 unknown."
    kind = RunKind.RESTORE_TEST
