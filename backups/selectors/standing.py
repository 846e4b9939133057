"""Which bad ends still stand: one is over once a later run held at least as far, with a copy at least as new."""

from datetime import UTC, datetime, timedelta

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from backups.choices import Level, Outcome, RunKind
from backups.errors import CopyFromFuture, CopyTooOld
from backups.models import Run

GOOD = (Outcome.PASS, Outcome.WARN)
#: A backup stands below the lowest level of a check.
BACKUP = -1
#: These are about the age of the copy: only one that is newer answers them.
ABOUT_AGE = (CopyTooOld.code, CopyFromFuture.code)
BEFORE_ALL = Value(datetime.min.replace(tzinfo=UTC))

#: The rung that a run failed at. A restore test counts as one wherever it stopped: no check shows that a copy restores.
FAILED_AT = Case(
    When(kind=RunKind.BACKUP, then=Value(BACKUP)),
    When(
        kind=RunKind.RESTORE_TEST,
        then=Greatest("failed_level", Value(Level.RESTORED.value), output_field=IntegerField()),
    ),
    default=Coalesce("failed_level", "wanted_level", Value(Level.WELL_FORMED.value), output_field=IntegerField()),
    output_field=IntegerField(),
)
#: How new the copy has to be that answers it. A backup that failed made none; nor is there one where none was found.
COPY_FROM = Case(
    When(kind=RunKind.BACKUP, then=Coalesce("copy__taken_at", "started_at", "created_at")),
    When(reason_code__in=ABOUT_AGE, then=F("copy__taken_at") + timedelta(microseconds=1)),
    default=Coalesce("copy__taken_at", BEFORE_ALL),
)
PLACE = Coalesce("copy__repository", "policy__repository")


def with_later(runs: QuerySet[Run]) -> QuerySet[Run]:
    """The runs, each with `is_over`: whether a later run of its policy, in its repository, covers what it found."""
    held = Run.objects.annotate(place=PLACE, held_at=Coalesce("level", Value(BACKUP), output_field=IntegerField()))
    later = held.filter(
        policy=OuterRef("policy"),
        place=OuterRef("place"),
        outcome__in=GOOD,
        ended_at__gt=OuterRef("ended_at"),
        held_at__gte=OuterRef("failed_at"),
        copy__taken_at__gte=OuterRef("copy_from"),
    )
    return runs.annotate(failed_at=FAILED_AT, copy_from=COPY_FROM, place=PLACE).annotate(is_over=Exists(later))


def stands(run: Run | None) -> bool:
    """Whether it ended badly and nothing later covers it.  run: read by `with_later`."""
    return run is not None and run.outcome not in GOOD and not getattr(run, "is_over", False)
