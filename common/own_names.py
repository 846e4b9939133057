"""Names that the product itself gave to rows: stored in one language, shown in the reader's."""

from functools import cache

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

NAMES = (
    gettext_noop("Incident management and emergency plans"),
    gettext_noop("This host"),
    gettext_noop("Entries of the ledger"),
)


def shown(name: str) -> str:
    """The name in the reader's language if the product gave it; a name that people gave stays as it is."""
    known = _known().get(name)
    return gettext(known) if known else name


@cache
def _known() -> dict[str, str]:
    """{the name in any of our languages: the name in the source}"""
    names: dict[str, str] = {}
    for language, _label in settings.LANGUAGES:
        with override(language):
            names |= {gettext(name): name for name in NAMES}
    return names
