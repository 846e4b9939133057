"""Names that the product itself gave to rows: stored in one language, shown in the reader's."""

from functools import cache

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

NAMES = (
    gettext_noop("Incident management and emergency plans"),
    gettext_noop("This host"),
    gettext_noop("Entries of the ledger"),
    gettext_noop("Screenshots or photos"),
    gettext_noop("Logs of the affected systems"),
    gettext_noop("Statement of who noticed it"),
    gettext_noop("State of the system before and after"),
    gettext_noop("What was done, step by step"),
    gettext_noop("The suspicious message or file"),
    gettext_noop("Records of sign-ins and accesses"),
    gettext_noop("Specification or order"),
    gettext_noop("Contract with the provider"),
    gettext_noop("Notices of the provider"),
    gettext_noop("Times of the last transfers"),
    gettext_noop("Versions before and after"),
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
