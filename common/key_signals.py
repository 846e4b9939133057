"""What happens to the keys of secrets. Arguments are ids of keys and counts, never keys."""

from common.facts import Fact

#: Secrets are sealed with another key now. Arguments: key_id, values (how many were sealed again).
KEYS_ROTATED = Fact("common.keys_rotated")
#: A key was removed. Arguments: key_id, newest.
KEY_RETIRED = Fact("common.key_retired")
#: Somebody said that a copy of the key lies outside. Argument: key_id.
KEYS_SAVED = Fact("common.keys_saved")
