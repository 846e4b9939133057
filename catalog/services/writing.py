"""What every change of the catalog does: check each value, lock, save, raise the version, write the ledger."""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from catalog.errors import WrongDetails
from catalog.models import Document, Provider, Service, Site, System
from common.text import safe_line, safe_text
from common.versions import check_version, raise_version
from ledger.services import Actor, record

Thing = Service | System | Site | Provider | Document
Subject = TypeVar("Subject", Service, System, Site, Provider, Document)

#: What people write in their own words: it may have lines, and stays out of the ledger.
FREE_TEXT = ("description", "address", "contact")


@transaction.atomic
def add(subject: Subject, by: Actor, details: dict[str, Any]) -> Subject:
    """Store a new row with these details. Raises WrongDetails with `fields`."""
    plain, many = _apart(subject, details)
    _describe(subject, plain)
    _store(subject, force_insert=True)
    for name, rows in many.items():
        getattr(subject, name).set(rows)
    record(verb=f"{noun(subject)}.added", subject=subject, actor=by, data=_plain(details))
    return subject


@transaction.atomic
def change(
    model: type[Subject], pk: uuid.UUID | str, by: Actor, version: int | None, details: dict[str, Any]
) -> Subject:
    """Change what differs; the same again changes nothing. Raises WrongDetails, Stale or DoesNotExist."""
    subject = lock(model, pk, version)
    plain, many = _apart(subject, details)
    before = {name: getattr(subject, name) for name in plain} | {name: _all(subject, name) for name in many}
    _describe(subject, plain)
    changed: list[str] = [name for name in plain if before[name] != getattr(subject, name)]
    other: list[str] = [name for name in many if set(before[name]) != set(many[name])]
    if changed or other:
        _store(raise_version(subject), update_fields=[*changed, "version"])
        for name in other:
            getattr(subject, name).set(many[name])
        data = {
            "before": _plain({name: before[name] for name in [*changed, *other]}),
            "after": _plain({name: getattr(subject, name) for name in changed} | {name: many[name] for name in other}),
        }
        record(verb=f"{noun(subject)}.changed", subject=subject, actor=by, data=data)
    return subject


def lock(model: type[Subject], pk: uuid.UUID | str, version: int | None = None) -> Subject:
    """The row, held until the transaction ends. Raises Stale or DoesNotExist."""
    subject = model._default_manager.select_for_update(of=["self"]).get(pk=pk)
    check_version(subject, version)
    return subject


def set_active(subject: Service | System | Provider | Document, *, is_active: bool, by: Actor) -> None:
    """Take a locked row out of use, or put it back. As it is already, nothing happens."""
    if subject.is_active == is_active:
        return
    subject.is_active = is_active
    raise_version(subject).save(update_fields=["is_active", "version"])
    verb = "brought_back" if is_active else "retired"
    record(verb=f"{noun(subject)}.{verb}", subject=subject, actor=by)


def noun(subject: models.Model) -> str:
    """What the ledger calls it."""
    return subject._meta.model_name or ""


def _apart(subject: Thing, details: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Columns, and sets of other rows."""
    sets = {field.name for field in subject._meta.many_to_many}
    plain = {name: value for name, value in details.items() if name not in sets}
    return plain, {name: list(value) for name, value in details.items() if name in sets}


def _all(subject: Thing, name: str) -> list[Any]:
    return list(getattr(subject, name).all())


def _describe(subject: Thing, details: dict[str, Any]) -> None:
    """Raises WrongDetails with a sentence for each value that cannot be stored."""
    try:
        for name, value in details.items():
            setattr(subject, name, _checked(name, value))
        subject.full_clean()
    except ValidationError as error:
        raise WrongDetails(fields=dict(error.message_dict)) from error


def _checked(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        safe_text(text) if name in FREE_TEXT else safe_line(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    return text


def _store(subject: Thing, **options: Any) -> None:
    """Save; somebody else may have taken the name since it was checked."""
    try:
        with transaction.atomic():
            subject.save(**options)
    except IntegrityError:
        _describe(subject, {})
        raise


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """For the ledger: ids instead of rows, and no free text."""
    return {name: "…" if name in FREE_TEXT and value else _named(value) for name, value in details.items()}


def _named(value: Any) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted(str(getattr(each, "pk", each)) for each in value)
    return getattr(value, "pk", value)
