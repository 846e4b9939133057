"""Carrying a file out through the same doors as the admin's forms. A preview is the same, undone."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Stale, Taken
from common.sheets import Table
from ledger.admin.sheets.columns import KEPT
from ledger.admin.sheets.findings import ADDED, CHANGED, Finding, Upload
from ledger.admin.sheets.reading import Wish, read_late, wishes
from ledger.admin.sheets.sheet import Sheet
from ledger.services import Actor, record

#: So many rows are written at once, in one transaction.
MAX_CHANGES = 500
#: What one row frees, another may take: those that were refused are tried again after the rest.
ROUNDS = 5
#: The lock under which files are carried out, one after the other.
SHEETS_LOCK = 0x_5EE7_0001


class TooManyChanges(DomainError):
    """More than one transaction should hold up others for."""

    code = "sheet_too_many_changes"
    status = 413
    template = _("%(count)s rows would be added or changed. At most %(limit)s can be at once: split the file.")


class ChangedSince(DomainError):
    """What was confirmed is not what would happen now."""

    code = "sheet_changed_since"
    template = _("Something changed since this preview was made, so nothing was imported. This is how it looks now.")


def preview(admin: Any, request: Any, upload: Upload) -> Upload:
    """Find out what the file would do, by doing it and undoing it. Raises what `Sheet.columns_of` does."""
    with transaction.atomic():
        upload.findings, upload.seen = _carry_out(admin, request, upload.table)
        transaction.set_rollback(True)
    return upload


def carry_out(admin: Any, request: Any, upload: Upload) -> None:
    """Do exactly what the preview said, or nothing. Raises ChangedSince, with `upload` as it looks now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SHEETS_LOCK])
        findings, seen = _carry_out(admin, request, upload.table)
        is_as_seen = seen == upload.seen
        upload.findings, upload.seen = findings, seen
        if not is_as_seen or not upload.can_be_carried_out:
            transaction.set_rollback(True)
        else:
            data = {"file": upload.sha256, "added": upload.counts[ADDED], "changed": upload.counts[CHANGED]}
            note(admin.sheet, "list.imported", request.user, data)
    if not is_as_seen:
        raise ChangedSince


def note(sheet: Sheet, verb: str, by: Actor, data: dict[str, Any]) -> None:
    """Write into the ledger what was done with a whole list."""
    subject = ContentType.objects.get_for_model(sheet.model)
    with translation.override("en"):
        record(verb=verb, subject=subject, actor=by, data={"list": sheet.model._meta.label_lower, **data})


def _carry_out(admin: Any, request: Any, table: Table) -> tuple[list[Finding], str]:
    """What became of each row, and a digest of it that is the same in every language."""
    sheet: Sheet = admin.sheet
    found = wishes(sheet, table)
    _check_count(found)
    _each([wish for wish in found if not wish.refusals], partial(_write_early, admin, request))
    read_late(sheet, table, found)
    _check_count(found)
    _each([wish for wish in found if not wish.refusals and wish.row is not None], partial(_write_late, admin, request))
    return [wish.finding(sheet) for wish in found], _seen(sheet, found)


def _check_count(found: Sequence[Wish]) -> None:
    count = sum(wish.is_new or bool(wish.differing) for wish in found)
    if count > MAX_CHANGES:
        raise TooManyChanges(count=count, limit=MAX_CHANGES)


def _each(waiting: list[Wish], write: Callable[[Wish], None]) -> None:
    """Every row in a savepoint of its own; what is refused at last is kept with its reasons."""
    for _round in range(ROUNDS):
        refused = [(wish, refusals) for wish in waiting if (refusals := _tried(wish, write))]
        if len(refused) in {0, len(waiting)}:
            break
        waiting = [wish for wish, _refusals in refused]
    for wish, refusals in refused:
        wish.refusals += refusals


def _tried(wish: Wish, write: Callable[[Wish], None]) -> list[tuple[str, str]]:
    """Why not: (column or "", sentence). Empty: it is written."""
    row, version = wish.row, wish.version
    try:
        with transaction.atomic():
            write(wish)
            return []
    except DomainError as error:
        refusal: DomainError = error
    except IntegrityError as error:
        known = Taken.by(error)
        if known is None:
            raise
        refusal = known
    except ObjectDoesNotExist:
        refusal = Stale()
    wish.row, wish.version = row, version
    said = [(name, str(sentence)) for name, sentences in refusal.fields.items() for sentence in sentences]
    return said or [("", refusal.message)]


def _write_early(admin: Any, request: Any, wish: Wish) -> None:
    sheet: Sheet = admin.sheet
    own = [column for column in sheet.columns if column.write is not None and column.name in wish.wanted]
    if wish.is_new:
        values = {each.name: each.empty for each in sheet.columns if not each.is_late and each.write is None}
        values |= {name: value for name, value in wish.values.items() if name in values}
        wish.row = admin.add_by(request, {name: value for name, value in values.items() if value is not KEPT})
    elif changed := {name: value for name, value in wish.wanted.items() if name not in {each.name for each in own}}:
        admin.change_by(request, wish.row, changed, wish.version)
        wish.version = None
    for column in own:
        column.write(wish.row, wish.wanted[column.name], request.user)  # type: ignore[misc]  # those that have one


def _write_late(admin: Any, request: Any, wish: Wish) -> None:
    for column in admin.sheet.columns:
        if column.name in wish.wanted and column.write is not None:
            column.write(wish.row, wish.wanted[column.name], request.user)
        elif column.name in wish.wanted:
            admin.change_by(request, wish.row, {column.name: wish.wanted[column.name]}, wish.version)
        wish.version = None if column.name in wish.wanted else wish.version


def _seen(sheet: Sheet, found: Sequence[Wish]) -> str:
    with translation.override("en"):
        said = [
            [wish.line.number, wish.first_version, wish.is_new, bool(wish.refusals), wish.finding(sheet).differences]
            for wish in found
        ]
    return sha256(dumps(said).encode()).hexdigest()
