"""Rows without business words: what every floor stands on."""

import uuid

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.sealed import SealedField


def next_number(sequence: str) -> Func:
    """A number that the database counts up, for names that people say: give it as `db_default`."""
    return Func(Value(sequence), function="nextval", output_field=models.BigIntegerField())


def longest(name: str, column: str, length: int) -> models.CheckConstraint:
    """A constraint: a text column, which has no length in the database, takes no more than so many characters."""
    return models.CheckConstraint(name=name, condition=LessThanOrEqual(Length(column), length))


class Row(models.Model):
    """A row whose id tells nothing and may stand in an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that people change: services raise `version`, which is its ETag."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class PendingFact(Row):
    """One announcement that one receiver has not taken yet. The sweep delivers it again."""

    fact = models.CharField(_("fact"), max_length=100)
    receiver = models.CharField(_("receiver"), max_length=100)
    arguments = models.JSONField(_("arguments"), default=dict)
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    due_at = models.DateTimeField(_("due"), db_index=True)
    last_error = models.TextField(_("last error"))

    class Meta:
        verbose_name = _("pending announcement")
        verbose_name_plural = _("pending announcements")

    def __str__(self) -> str:
        return f"{self.fact} → {self.receiver}"


class Heartbeat(models.Model):
    """The last sign of life of one part of the product: `beat`, `worker`."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name


class KeptAnswer(Row):
    """The answer to one request with an `Idempotency-Key`, to give again for a day; or the claim of who works on it.

    `name` is a digest of caller, address and key. What was asked and answered is sealed: it may hold secrets.
    """

    name = models.CharField(max_length=64, unique=True)
    question = SealedField()
    answer = SealedField(blank=True)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]
        constraints = [
            models.CheckConstraint(
                name="kept_answer_is_worked_on_or_there",
                condition=models.Q(answer="", token__isnull=False, lease_until__isnull=False)
                | (~models.Q(answer="") & models.Q(token__isnull=True, lease_until__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StoredFile(Row):
    """One file that was taken in: its bytes lie under their digest, so equal files lie once."""

    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("kind of content"), max_length=100)
    size_bytes = models.BigIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.CheckConstraint(
                name="stored_file_has_a_sha256", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="stored_file_size_is_not_negative", condition=models.Q(size_bytes__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class SealingKey(models.Model):
    """One key that seals secrets, by its id. The key itself is never in the database."""

    key_id = models.CharField(_("key"), max_length=8, primary_key=True)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    saved_at = models.DateTimeField(_("copy outside confirmed"), null=True)
    retired_at = models.DateTimeField(_("retired"), null=True)

    class Meta:
        verbose_name = _("key of secrets")
        verbose_name_plural = _("keys of secrets")

    def __str__(self) -> str:
        return self.key_id
