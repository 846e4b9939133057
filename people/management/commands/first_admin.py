"""`manage.py first_admin`: lets the first administrator in."""

import getpass
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import DomainError
from people import services

PASSWORD_VARIABLE = "FIRST_ADMIN_PASSWORD"  # noqa: S105  the name of a variable


class Command(BaseCommand):
    help = (
        "Makes the first administrator. Asks for what is not given; "
        f"the password is read from {PASSWORD_VARIABLE}, else asked for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="the name to sign in with")
        parser.add_argument("--name", help="the person's name")
        parser.add_argument("--email", default="", help="where messages go")

    def handle(self, *_args: Any, **options: Any) -> None:
        username = options["username"] or self._ask("Sign-in name: ")
        name = options["name"] or self._ask("Name: ")
        password = os.environ.get(PASSWORD_VARIABLE) or self._ask_password()
        try:
            person = services.create_first_administrator(
                username=username, name=name, email=options["email"], password=password, by="system:first_admin"
            )
        except DomainError as refusal:
            sentences = [f"{field}: {sentence}" for field, found in refusal.fields.items() for sentence in found]
            raise CommandError(" ".join([refusal.message, *sentences])) from refusal
        self.stdout.write(f"{person} may sign in now as {person.username}.")

    def _ask(self, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"Nobody is here to answer “{question.strip(': ')}”. Give it as an option.")
        return input(question).strip()

    def _ask_password(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"Nobody is here to type a password. Give it in {PASSWORD_VARIABLE}.")
        first, second = getpass.getpass("Password: "), getpass.getpass("The same once more: ")
        if first != second:
            raise CommandError("The two passwords differ.")
        return first
