"""Pages of incidents."""

from incidents.views.acting import act, add_note
from incidents.views.files import incident_file, tracking_file
from incidents.views.following import add_action
from incidents.views.reading import clocks, incident, incidents, thread
from incidents.views.reporting import known, my_reports, report
from incidents.views.tracking import tracking

__all__ = [
    "act",
    "add_action",
    "add_note",
    "clocks",
    "incident",
    "incident_file",
    "incidents",
    "known",
    "my_reports",
    "report",
    "thread",
    "tracking",
    "tracking_file",
]
