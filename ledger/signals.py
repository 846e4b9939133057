"""Facts that this app announces upward."""

from common.facts import Fact

#: Something in the ledger does not fit. Arguments: problem (`ledger.choices.Problem`), seal, position, entry
#: (numbers or None), verb, subject (text, empty when not known).
LEDGER_NOT_WHOLE = Fact("ledger.not_whole")
