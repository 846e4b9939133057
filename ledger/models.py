"""Who did what. Rows are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that somebody did, written in the transaction that did it. Never changed.

    Labels and ids, never free text: people can be anonymised elsewhere while entries stay.
    `mac` proves that the product wrote the entry: a keyed hash over its canonical form, with a
    key that the database does not hold.
    """

    at = models.DateTimeField(_("at"))
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(_("by"), max_length=200)
    verb = models.CharField(_("what"), max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(_("about"), max_length=200)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=45, blank=True)
    key_id = models.CharField(max_length=8)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="ledger_of_subject"),
            models.Index(fields=["actor_kind", "actor_id", "-id"], name="ledger_of_actor"),
            models.Index(fields=["verb", "-id"], name="ledger_of_verb"),
            models.Index(fields=["-at"], name="ledger_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} · {self.subject_label}"


class Seal(models.Model):
    """One batch of entries, closed for good: its Merkle root, chained to the seal before it."""

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    entries_count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous_head = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} · {self.head[:12]}"


class SealedEntry(models.Model):
    """The place of one entry in its seal, with the digest that was sealed."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="seal_has_one_entry_a_place", fields=["seal", "position"])]

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.position}"
