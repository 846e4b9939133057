"""The shape, colour and drawing of each state and kind of event."""

from actions.choices import EventKind, State

#: state → (family, shape)
OF_STATE = {
    State.OPEN: ("mute", "s-open"),
    State.IN_PROGRESS: ("info", "s-active"),
    State.DONE: ("info", "s-stale"),
    State.VERIFIED: ("ok", "s-proven"),
    State.RISK_ACCEPTED: ("hold", "s-hold"),
    State.CANCELLED: ("mute", "s-skipped"),
}
#: kind of event → (family, drawing)
OF_EVENT = {
    EventKind.OPENED: ("", "i-plus"),
    EventKind.STARTED: ("info", "i-right"),
    EventKind.DONE: ("info", "s-stale"),
    EventKind.VERIFIED: ("ok", "i-check"),
    EventKind.ACCEPTED: ("hold", "s-hold"),
    EventKind.CANCELLED: ("", "i-x"),
    EventKind.REOPENED: ("warn", "i-undo"),
    EventKind.REASSIGNED: ("", "i-users"),
    EventKind.POSTPONED: ("warn", "i-clock"),
    EventKind.CHANGED: ("", "i-note"),
    EventKind.PLANNED: ("", "i-plan"),
}
