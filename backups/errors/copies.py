"""What can be wrong with a copy."""

from django.utils.translation import gettext_lazy as _

from backups.errors.base import CouldNot, DoesNotHold
from common.errors import DomainError


class NoCopy(DoesNotHold):
    code = "no_copy"
    template = _("There is no copy yet. Run a backup first.")


class CopyMissing(DoesNotHold):
    code = "copy_missing"
    template = _("The copy %(copy)s is gone from the repository. Run a backup now, and find out who removed it.")


class FileMissing(DoesNotHold):
    code = "file_missing"
    template = _("The file %(file)s of the copy %(copy)s is missing. Run a backup now, and find out who removed it.")


class NotARegularFile(DoesNotHold):
    code = "copy_file_not_regular"
    template = _(
        "%(file)s of the copy %(copy)s is not an ordinary file but a link, pipe or device. It was not opened. "
        "Run a backup now, and find out who put it there."
    )


class CopyTooOld(DoesNotHold):
    code = "copy_too_old"
    template = _(
        "The newest copy is %(age_seconds)s old; it may be at most %(limit_seconds)s. "
        "See why no newer backup was made, and run one."
    )


class CopyFromFuture(DoesNotHold):
    code = "copy_from_future"
    template = _("The newest copy claims to be taken on %(taken_at)s, which is still to come. Set the clock right.")


class CopyTooSmall(DoesNotHold):
    code = "copy_too_small"
    template = _(
        "%(file)s has %(found_bytes)s; less than %(smallest_bytes)s cannot be right. "
        "Look at the source, then run a backup."
    )


class SizeChanged(DoesNotHold):
    code = "size_changed"
    template = _(
        "%(file)s has %(found_bytes)s; when it was stored it had %(stored_bytes)s. It was cut or changed since. "
        "Run a backup now."
    )


class SizeUnusual(DomainError):
    """A note: worth a look, no failure."""

    code = "size_unusual"
    template = _(
        "The copy has %(found_bytes)s; the copies before it had about %(usual_bytes)s. See whether that is right."
    )


class DigestDiffers(DoesNotHold):
    code = "digest_differs"
    template = _(
        "%(file)s is not what was stored: its bytes changed since. Do not rely on this copy; run a backup now."
    )


class ManifestDiffers(DoesNotHold):
    code = "manifest_differs"
    template = _(
        "The list of contents of this copy is not the one that was written with it. Somebody changed it. "
        "Do not rely on this copy; run a backup now."
    )


class OlderForm(CouldNot):
    code = "older_form"
    template = _("This copy was made by an earlier release and cannot be read any more. Run a backup now.")


class AssertionsFailed(DoesNotHold):
    code = "assertions_failed"
    template = _("The restored data is not what was expected: %(failed)s of %(all)s assertions did not hold.")


class NothingAsserted(CouldNot):
    code = "nothing_asserted"
    template = _(
        "The data of “%(source)s” was restored, but there was nothing to ask it: no canary, no counted table, and no "
        "assertion in the policy. Let the user of the source write the canary, or add an assertion, then test the "
        "restore again."
    )
