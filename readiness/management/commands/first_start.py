"""`manage.py first_start`: what a new installation begins with, and the demo's sign-ins."""

from typing import Any

from django.core.management.base import BaseCommand

from common.embedded.errors import ServerError
from readiness import services


class Command(BaseCommand):
    help = "Sets up a new installation, begins to protect it, and prints the demo's sign-ins. Again is harmless."

    def handle(self, *_args: Any, **_options: Any) -> None:
        services.begin()
        sign_ins = services.sign_ins()
        if services.is_demo_wanted():
            self._load_demo()
        for each in sign_ins:
            self.stdout.write(f"sign in: {each.username} {each.password} ({each.role})")

    def _load_demo(self) -> None:
        """Holdfast itself works without it, so that nothing else waits for it."""
        try:
            services.load_demo()
        except ServerError as problem:
            self.stderr.write(f"The demo organisation could not be loaded: {problem}")
