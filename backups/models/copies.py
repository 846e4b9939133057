"""What was saved."""

import json
from hashlib import sha256
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backups.choices import CopyState
from backups.models.policies import BackupPolicy, Repository
from common.models import Row


class Copy(Row):
    """One copy in one repository, as its manifest describes it.

    `manifest`: {"format": 2, "files": [{"name", "bytes", "sha256"}], "parts": [{"source", "engine", "files", …}], …}:
    a part for each source, with what its engine noted. `taken_at` is the moment whose data it holds.
    """

    policy = models.ForeignKey(BackupPolicy, models.PROTECT, related_name="copies", verbose_name=_("policy"))
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="copies", verbose_name=_("repository"))
    name = models.CharField(_("name"), max_length=200)
    taken_at = models.DateTimeField(_("taken"))
    bytes = models.BigIntegerField(_("bytes"))
    manifest = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=CopyState, default=CopyState.KEPT)

    class Meta:
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        ordering = ["-taken_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="copy_by_age"),
            models.Index(fields=["taken_at", "id"], name="copy_by_time"),
            models.Index(fields=["policy", "-taken_at"], name="copy_of_policy"),
        ]
        constraints = [
            models.UniqueConstraint(name="copy_name_is_one_a_repository", fields=["repository", "name"]),
            models.CheckConstraint(name="copy_state_is_known", condition=Q(state__in=CopyState.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def manifest_sha256(self) -> str:
        """The digest of the list of contents, as it must lie beside the copy."""
        return sha256(canonical_manifest(self.manifest)).hexdigest()


def canonical_manifest(manifest: dict[str, Any]) -> bytes:
    """The list of contents in the one form in which it is written."""
    return (json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()
