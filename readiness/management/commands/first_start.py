"""`manage.py first_start`: what a new installation begins with, and the demo's sign-ins."""

from typing import Any

from django.core.management.base import BaseCommand

from readiness import services


class Command(BaseCommand):
    help = "Sets up a new installation, begins to protect it, and prints the demo's sign-ins. Again is harmless."

    def handle(self, *_args: Any, **_options: Any) -> None:
        services.begin()
        for each in services.sign_ins():
            self.stdout.write(f"sign in: {each.username} {each.password} ({each.role})")
