"""Every change to people, their sign-in and the keys of programs."""

from people.services.keys import NewKey, create_api_key, note_use_of, revoke_api_key
from people.services.persons import (
    change_details,
    create_first_administrator,
    create_person,
    deactivate,
    reactivate,
    set_preferences,
    set_roles,
)
from people.services.sign_in import (
    note_new_password,
    note_second_factor,
    note_sign_in,
    note_sign_in_failed,
    note_sign_out,
    request_password_reset,
    reset_second_factor,
    send_password_reset,
    set_password,
)

__all__ = [
    "NewKey",
    "change_details",
    "create_api_key",
    "create_first_administrator",
    "create_person",
    "deactivate",
    "note_new_password",
    "note_second_factor",
    "note_sign_in",
    "note_sign_in_failed",
    "note_sign_out",
    "note_use_of",
    "reactivate",
    "request_password_reset",
    "reset_second_factor",
    "revoke_api_key",
    "send_password_reset",
    "set_password",
    "set_preferences",
    "set_roles",
]
