"""The processes that Holdfast consists of, each by its command line: the launcher and the services use the same."""

import sys

from django.conf import settings

PYTHON = sys.executable

WORKER = ["celery", "-q", "-A", "config", "worker", "-l", "WARNING"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]

ADDRESS = f"[{settings.LISTEN}]" if ":" in settings.LISTEN else settings.LISTEN
#: Where this machine itself reaches the web process.
NEAR = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(ADDRESS, ADDRESS)  # noqa: S104 - read, not bound to

PARTS = {
    "web": [
        *("gunicorn", "config.wsgi:application", "--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--bind", f"{ADDRESS}:{settings.PORT}", "--timeout", "60", "--graceful-timeout", "8"),
        # Whose word about TLS is taken is our own middleware's to say; nobody's is taken here.
        *("--forwarded-allow-ips", ""),
        *("--log-level", "warning", "--no-control-socket"),
    ],
    # Messages that wake people, and the two beats: a flood of other work never takes their threads.
    "page": [*WORKER, "-n", "page@%h", "-Q", "page", "-P", "threads", "-c", "4"],
    "worker": [*WORKER, "-n", "worker@%h", "-Q", "events,default", "-P", "threads", "-c", "6"],
    "verify": [*WORKER, "-n", "verify@%h", "-Q", "verify", "-P", "prefork", "-c", "1"],
    "beat": ["celery", "-q", "-A", "config", "beat", "--pidfile=", "-l", "WARNING"],
}
