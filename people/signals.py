"""Facts that people announces upward."""

from common.facts import Fact

#: The break-glass account was used. Arguments: person_id, at (ISO 8601), address.
SUPERUSER_SIGNED_IN = Fact("people.superuser_signed_in")
