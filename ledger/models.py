"""Who did what. Rows are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that somebody did, written in the transaction that did it. Never changed.

    Labels and ids, never free text: people can be anonymised elsewhere while entries stay.
    `mac` proves that the product wrote the entry: a keyed hash over its canonical form, with a
    key that the database does not hold.
    """

    at = models.DateTimeField(_("at"))
    actor_kind = models.CharField(_("kind of actor"), max_length=20)
    actor_id = models.CharField(_("id of the actor"), max_length=64, blank=True)
    actor_label = models.CharField(_("by"), max_length=200)
    verb = models.CharField(_("what"), max_length=100)
    subject_type = models.CharField(_("kind of subject"), max_length=100)
    subject_id = models.CharField(_("id of the subject"), max_length=64)
    subject_label = models.CharField(_("about"), max_length=200)
    data = models.JSONField(_("what changed"), default=dict)
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    key_id = models.CharField(_("key"), max_length=8)
    mac = models.CharField(_("signature"), max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="ledger_by_time"),
            models.Index(fields=["subject_type", "subject_id", "-at", "-id"], name="ledger_of_subject"),
            models.Index(fields=["actor_kind", "actor_id", "-at", "-id"], name="ledger_of_actor"),
            models.Index(fields=["verb", "-at", "-id"], name="ledger_of_verb"),
            models.Index(OpClass(Lower("subject_label"), name="text_pattern_ops"), name="ledger_by_subject_label"),
            models.Index(OpClass(Lower("actor_label"), name="text_pattern_ops"), name="ledger_by_actor_label"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} · {self.subject_label}"


class Seal(models.Model):
    """One batch of entries, closed for good: its Merkle root, chained to the seal before it, and signed.

    The last three columns only keep sealing fast (`ledger.sealing`): every entry of ours up to `floor_id` is
    sealed; `reach_id` was the newest id given out and `horizon` the transaction that looked.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    entries_count = models.PositiveIntegerField(_("entries"))
    root = models.CharField(_("root"), max_length=64)
    previous_head = models.CharField(_("head before it"), max_length=64, blank=True)
    head = models.CharField(_("head"), max_length=64, unique=True)
    key_id = models.CharField(_("key"), max_length=8)
    mac = models.CharField(_("signature"), max_length=64)
    floor_id = models.BigIntegerField(editable=False)
    reach_id = models.BigIntegerField(editable=False)
    horizon = models.BigIntegerField(editable=False)

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
    position = models.PositiveIntegerField(_("position"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")
        constraints = [models.UniqueConstraint(name="seal_has_one_entry_a_place", fields=["seal", "position"])]

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.position}"
