"""`manage.py create_api_key NAME --role ROLE [--scope APP:read …] [--expires-days N]`."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from common.errors import DomainError
from people import services
from people.choices import Role


class Command(BaseCommand):
    help = "Makes a key for a program and prints it once, alone on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the program that will use the key")
        parser.add_argument("--role", required=True, help=f"one of {', '.join(Role.values)}")
        parser.add_argument("--scope", action="append", default=[], help="APP:read or APP:write; may be repeated")
        parser.add_argument("--expires-days", type=int, help="the key ends after so many days")

    def handle(self, *_args: Any, **options: Any) -> None:
        days = options["expires_days"]
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--expires-days: expected a number from 1 to 3650.")
        try:
            new = services.create_api_key(
                name=options["name"],
                role=options["role"].capitalize(),
                scopes=options["scope"],
                expires_at=timezone.now() + timedelta(days=days) if days else None,
                by="system:create_api_key",
            )
        except DomainError as refusal:
            raise CommandError(_in_words(refusal)) from refusal
        self.stdout.write(f"Key “{new.row.name}” ({new.row.role}). It is shown only now:")
        self.stdout.write(new.text)


def _in_words(refusal: DomainError) -> str:
    sentences = [f"{name}: {sentence}" for name, found in refusal.fields.items() for sentence in found]
    return " ".join([refusal.message, *sentences])
