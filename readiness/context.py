"""What the shell of every page needs. Nothing is read from the database until a template asks for it."""

from typing import Any

from django.http import HttpRequest

from readiness.shell import Shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for base.html and solo.html; `csrf_token` and `user` come from Django."""
    return {"shell": Shell(request)}
