"""Files that are sent before their report: they wait with the form, also when it comes back with something wrong."""

import uuid
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from common.files import Readable
from common.models import StoredFile
from common.retention import BATCH
from incidents.errors import TooMany, TooManyFiles
from incidents.models import Upload
from incidents.services.attaching import AT_ONCE, take_in
from people.models import User

#: So many wait at most from people who are not signed in, all together: nobody fills the disk without a report.
OF_ALL_OUTSIDE = 200


@transaction.atomic
def keep_upload(*, form: str, stream: Readable, name: str, person: User | None) -> Upload:
    """Keep one file until its report is sent. Raises as `attach` does; TooManyFiles from the eleventh on."""
    _check_room(form, person)
    file = take_in(stream, name)  # this may take a while: nobody waits for it
    _one_by_one(form if person else "outside")
    _check_room(form, person)
    return Upload.objects.create(form=form, person=person, file=file, name=file.name)


@transaction.atomic
def drop_upload(*, form: str, person: User | None, upload_id: uuid.UUID) -> None:
    """Leave a file out. The second call changes nothing."""
    _drop(Upload.objects.filter(form=form, person=person, pk=upload_id))


def take_uploads(form: str, person: User | None) -> list[StoredFile]:
    """The files of a form that is sent, the oldest first; they wait no more. In the transaction of the caller."""
    waiting = list(
        Upload.objects.select_for_update(of=["self"]).filter(form=form, person=person).select_related("file")
    )
    Upload.objects.filter(pk__in=[upload.pk for upload in waiting]).delete()
    return [upload.file for upload in waiting]


@transaction.atomic
def forget_uploads(*, before: datetime) -> int:
    """Remove those whose report was never sent. Their bytes go with the sweep. Returns how many."""
    return _drop(Upload.objects.filter(created_at__lt=before))


def _check_room(form: str, person: User | None) -> None:
    if Upload.objects.filter(form=form, person=person).count() >= AT_ONCE:
        raise TooManyFiles(limit=AT_ONCE)
    if person is None and Upload.objects.filter(person=None).count() >= OF_ALL_OUTSIDE:
        raise TooMany


def _one_by_one(what: str) -> None:
    """Hold the counting until the transaction ends: files that come at the same moment are counted too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"incidents.uploads:{what}"])


def _drop(uploads: QuerySet[Upload]) -> int:
    # Held: what a report takes along at this moment is its own, and not dropped.
    dropped = list(uploads.select_for_update(of=["self"])[:BATCH])
    Upload.objects.filter(pk__in=[upload.pk for upload in dropped]).delete()
    StoredFile.objects.filter(pk__in=[upload.file_id for upload in dropped]).delete()
    return len(dropped)
