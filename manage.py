#!/usr/bin/env python
"""The door to every command of Holdfast."""

import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext

#: Commands that need no database, or start the servers themselves.
WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "--version",
    "-h",
    "up",
    "check_translations",
    "collectstatic",
    "compile_translations",
    "compilemessages",
    "demo_server",
    "diffsettings",
    "findstatic",
    "makemessages",
    "part",
    "spectacular",
    "startapp",
    "verify_binder",
    "verify_evidence",
    "verify_ledger_export",
}


def main() -> int:
    """Run one command of the command line, with the database up. A wrong setting ends it with one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from common.embedded.errors import ServerError
    from config.environment import WrongSettingError

    # Asked to end, a command still cleans up, and stops the database that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with database_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (WrongSettingError, ServerError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def database_for(arguments: list[str]) -> AbstractContextManager[None]:
    """Our own database for the time of the command, where it needs one and no other was given."""
    from django.conf import settings

    from common.embedded.places import Places
    from common.embedded.session import database_up

    if not arguments or arguments[0] in WITHOUT_DATABASE or "--help" in arguments or not settings.OWN_DATABASE:
        return nullcontext()
    database = settings.DATABASES["default"]
    return database_up(
        Places(settings.DATA_DIR), name=database["NAME"], owner=database["USER"], password=database["PASSWORD"]
    )


if __name__ == "__main__":
    sys.exit(main())
