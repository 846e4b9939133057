"""Facts that people announces upward."""

from common.facts import Fact

#: The break-glass account was used. Arguments: person_id, at (ISO 8601), address.
SUPERUSER_SIGNED_IN = Fact("people.superuser_signed_in")

#: A code is to be sent to an address, and to no other place. Arguments: contact_id, sealed_code (common.secrets).
CONTACT_TO_VERIFY = Fact("people.contact_to_verify")

#: The time of an account was over and it was closed. Arguments: person_id.
ACCOUNT_ENDED = Fact("people.account_ended")

#: A person was made unknown: what other rooms keep of name and addresses goes too. Arguments: person_id, and
#: sealed_addresses (common.secrets), the e-mail addresses that were the person's, one a line.
PERSON_ANONYMISED = Fact("people.person_anonymised")

#: A calendar counts otherwise from now on: its hours, its zone or one of its days. Arguments: calendar_id.
CALENDAR_CHANGED = Fact("people.calendar_changed")
