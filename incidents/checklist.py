"""The evidence checklist as it is shipped; houses change it in the administration."""

from incidents.choices import Category
from incidents.models import EvidenceItem

#: key → (name, category, position). Names stand in `common.own_names`, to be read in every language.
SHIPPED = {
    "screenshots": ("Screenshots or photos", "", 10),
    "logs": ("Logs of the affected systems", "", 20),
    "statement": ("Statement of who noticed it", "", 30),
    "state": ("State of the system before and after", Category.TECHNICAL, 40),
    "steps": ("What was done, step by step", Category.OPERATOR, 40),
    "suspicious": ("The suspicious message or file", Category.ATTACK, 40),
    "accesses": ("Records of sign-ins and accesses", Category.ATTACK, 50),
    "specification": ("Specification or order", Category.DESIGN, 40),
    "contract": ("Contract with the provider", Category.INTERFACE, 40),
    "notices": ("Notices of the provider", Category.INTERFACE, 50),
    "transfers": ("Times of the last transfers", Category.DELAY, 40),
    "versions": ("Versions before and after", Category.INCOMPATIBLE, 40),
}


def fill() -> None:
    """Put in what was never there. What was changed or taken out of use stays as it is."""
    there = set(EvidenceItem.objects.values_list("key", flat=True))
    EvidenceItem.objects.bulk_create(
        [
            EvidenceItem(key=key, name=name, category=category, position=position)
            for key, (name, category, position) in SHIPPED.items()
            if key not in there
        ],
        ignore_conflicts=True,
    )
