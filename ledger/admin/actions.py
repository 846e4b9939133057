"""Actions of the admin: each row through a service, each in its own transaction."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import ngettext

from common.errors import DomainError

Action = Callable[[Any, HttpRequest, "models.QuerySet[Any]"], None]


def by_service(
    service: Callable[..., object],
    description: str | Promise,
    *,
    key: str = "",
    row: str = "",
    name: str = "",
    **fixed: Any,
) -> Action:
    """An action that calls `service(<key>=id of the row, by=user, **fixed)` for each chosen row, or `<row>=the row`.

    A refusal is shown with the row it is about; the others go on.
    """

    def run(modeladmin: Any, request: HttpRequest, queryset: "models.QuerySet[Any]") -> None:
        done = 0
        for chosen in queryset:
            subject = {key: chosen.pk} if key else {row: chosen}
            try:
                with transaction.atomic():
                    service(**subject, by=request.user, **fixed)
                done += 1
            except DomainError as refusal:
                modeladmin.message_user(request, f"{chosen}: {refusal.message}", messages.ERROR)
        if done:
            said = ngettext("Done for %(count)s.", "Done for %(count)s.", done) % {"count": done}
            modeladmin.message_user(request, said, messages.SUCCESS)

    run.__name__ = name or getattr(service, "__name__", "action")
    run.short_description = description  # type: ignore[attr-defined]
    run.allowed_permissions = ("view",)  # type: ignore[attr-defined]
    return run
