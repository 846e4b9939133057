"""What can be wrong with the ledger, in sentences."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Problem(models.TextChoices):
    """Why the ledger is not whole."""

    CHANGED = "changed", _("Entry %(entry)s (%(verb)s, %(subject)s) was changed.")
    REMOVED = "removed", _("Entry %(entry)s was removed; it stood in seal %(seal)s at place %(position)s.")
    PLACE_REMOVED = "place_removed", _("Seal %(seal)s lacks the entry at its place %(position)s: it was removed.")
    INSERTED = "inserted", _("Entry %(entry)s (%(verb)s, %(subject)s) was inserted into a closed seal.")
    NOT_OURS = (
        "not_ours",
        _("Entry %(entry)s (%(verb)s, %(subject)s) was not written by Holdfast (inserted or changed)."),
    )
    LATE = (
        "late",
        _("Entry %(entry)s (%(verb)s, %(subject)s) was inserted where everything had been sealed already."),
    )
    FOREIGN_KEY = (
        "foreign_key",
        _(
            "Entry %(entry)s (%(verb)s, %(subject)s) is signed with a key that is not here, "
            "though what is older is signed with ours: it was inserted or changed."
        ),
    )
    SEAL_CHANGED = "seal_changed", _("Seal %(seal)s was changed, or an entry in it was exchanged.")
    SEAL_REMOVED = "seal_removed", _("Seal %(seal)s was removed.")
    SEAL_NOT_OURS = "seal_not_ours", _("Seal %(seal)s does not carry our signature: it was made by somebody else.")
    CUT_OFF = "cut_off", _("The end is cut off: the head of seal %(seal)s left the database, and the seal is gone.")
    HEAD_DIFFERS = "head_differs", _("Seal %(seal)s is not the one whose head left the database.")
    HEAD_UNKNOWN = (
        "head_unknown",
        _("The head that was given belongs to no seal: the history was rewritten or cut off."),
    )
    FILE_CHANGED = "file_changed", _("%(subject)s in the exported file is not as it was written.")
