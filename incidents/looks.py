"""The shape, colour and drawing of each state, severity and kind of event."""

from incidents.choices import EventKind, State, TaskState

#: state → (family, shape)
OF_STATE = {
    State.TRIAGE: ("warn", "s-open"),
    State.ACTIVE: ("info", "s-active"),
    State.ON_HOLD: ("hold", "s-hold"),
    State.MITIGATED: ("info", "s-stale"),
    State.RESOLVED: ("ok", "s-proven"),
    State.IN_REVIEW: ("hold", "s-review"),
    State.CLOSED: ("mute", "i-check"),
    State.CANCELLED: ("mute", "s-skipped"),
    State.MERGED: ("mute", "s-skipped"),
}
#: severity → (family, shape, solid or washed)
OF_SEVERITY = {
    1: ("bad", "s-sev1", "solid"),
    2: ("bad", "s-sev2", "wash"),
    3: ("warn", "s-sev3", ""),
    4: ("mute", "s-sev4", ""),
}
#: kind of event → (family, drawing)
OF_EVENT = {
    EventKind.REPORTED: ("", "i-report"),
    EventKind.OPENED: ("bad", "s-fail"),
    EventKind.ACKNOWLEDGED: ("", "i-user"),
    EventKind.MOVED: ("info", "i-right"),
    EventKind.NOTE: ("", "i-note"),
    EventKind.UPDATE: ("info", "i-mail"),
    EventKind.REPLY: ("info", "i-report"),
    EventKind.SEVERITY: ("bad", "i-flag"),
    EventKind.FAILED_AGAIN: ("bad", "s-fail"),
    EventKind.PROVEN_AGAIN: ("ok", "i-check"),
    EventKind.JOINED: ("", "i-users"),
    EventKind.ASSIGNED: ("", "i-user"),
    EventKind.CHANGED: ("", "i-note"),
    EventKind.CORRECTED: ("", "i-note"),
    EventKind.RATED: ("", "i-flag"),
    EventKind.ATTACHED: ("", "i-evidence"),
    EventKind.CLOCK: ("warn", "i-clock"),
    EventKind.ESCALATED: ("bad", "i-users"),
    EventKind.TASK: ("", "i-check"),
    EventKind.ROLE: ("", "i-users"),
    EventKind.MAJOR: ("bad", "i-flag"),
    EventKind.UNMERGED: ("", "i-link"),
    EventKind.MERGED: ("", "i-link"),
    EventKind.MAIL: ("info", "i-mail"),
    EventKind.STAKEHOLDERS: ("info", "i-mail"),
    EventKind.PUBLISHED: ("info", "i-status"),
    EventKind.AUTHORITY: ("warn", "i-records"),
    EventKind.EVIDENCE: ("", "i-report"),
    EventKind.REVIEW: ("hold", "s-review"),
}
#: state of a task → (family, shape)
OF_TASK = {
    TaskState.OPEN: ("mute", "s-open"),
    TaskState.DOING: ("info", "s-active"),
    TaskState.DONE: ("ok", "i-check"),
    TaskState.DROPPED: ("mute", "s-skipped"),
}
#: What the track shows, in order. On hold stands in for active; cancelled and merged leave it.
TRACK = (State.TRIAGE, State.ACTIVE, State.MITIGATED, State.RESOLVED, State.CLOSED)
