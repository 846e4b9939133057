"""What this app refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NotGivenUp(DomainError):
    """Only what was given up can be tried again by hand; the rest is tried by itself."""

    code = "delivery_not_given_up"
    template = _("This delivery is “%(now)s”. Only one that was given up can be tried again by hand.")
