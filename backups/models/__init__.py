"""A backup is what was restored: policies, what they keep, and every run that made or tried it."""

from backups.models.copies import Copy, canonical_manifest
from backups.models.policies import BackupPolicy, PolicySource, Repository, Schedule
from backups.models.runs import Assertion, Run, Step

__all__ = [
    "Assertion",
    "BackupPolicy",
    "Copy",
    "PolicySource",
    "Repository",
    "Run",
    "Schedule",
    "Step",
    "canonical_manifest",
]
