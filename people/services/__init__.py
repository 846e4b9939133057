"""Every change to people, their teams and absences, their sign-in, and the keys of programs."""

from people.services.absences import (
    end_absence,
    plan_absence,
)
from people.services.accounts import (
    anonymise,
    close_ended,
    set_end,
)
from people.services.arriving import come_in, unlink
from people.services.contacts import (
    add_contact,
    note_reached,
    remove_contact,
    send_code,
    verify_contact,
)
from people.services.keys import (
    NewKey,
    create_api_key,
    create_own_key,
    revoke_api_key,
    revoke_every_key,
    revoke_own_keys,
)
from people.services.organisation import end_set_up, go_on, hold, name_organisation
from people.services.persons import (
    change_details,
    create_first_administrator,
    create_person,
    deactivate,
    reactivate,
    set_preferences,
    set_roles,
)
from people.services.resets import (
    count_resets_anew,
    forget_password_resets,
    request_password_reset,
    send_password_reset,
    take_up_resets,
)
from people.services.sessions import (
    end_every_session,
    end_session,
    end_sessions,
    forget_old_sessions,
    forget_session,
    note_session,
)
from people.services.sign_in import (
    note_new_password,
    note_second_factor,
    note_sign_in,
    note_sign_in_failed,
    note_sign_out,
    reset_second_factor,
    set_password,
)
from people.services.teams import (
    add_member,
    add_team,
    bring_back_team,
    change_team,
    remove_member,
    retire_team,
    set_manager,
)
from people.services.uses import (
    forget_old_uses,
    note_use_of,
    write_uses,
)

__all__ = [
    "NewKey",
    "add_contact",
    "add_member",
    "add_team",
    "anonymise",
    "bring_back_team",
    "change_details",
    "change_team",
    "close_ended",
    "come_in",
    "count_resets_anew",
    "create_api_key",
    "create_first_administrator",
    "create_own_key",
    "create_person",
    "deactivate",
    "end_absence",
    "end_every_session",
    "end_session",
    "end_sessions",
    "end_set_up",
    "forget_old_sessions",
    "forget_old_uses",
    "forget_password_resets",
    "forget_session",
    "go_on",
    "hold",
    "name_organisation",
    "note_new_password",
    "note_reached",
    "note_second_factor",
    "note_session",
    "note_sign_in",
    "note_sign_in_failed",
    "note_sign_out",
    "note_use_of",
    "plan_absence",
    "reactivate",
    "remove_contact",
    "remove_member",
    "request_password_reset",
    "reset_second_factor",
    "retire_team",
    "revoke_api_key",
    "revoke_every_key",
    "revoke_own_keys",
    "send_code",
    "send_password_reset",
    "set_end",
    "set_manager",
    "set_password",
    "set_preferences",
    "set_roles",
    "take_up_resets",
    "unlink",
    "verify_contact",
    "write_uses",
]
