"""Pages of incidents."""

from incidents.views.acting import act, add_note
from incidents.views.files import incident_file, incident_files, tracking_file
from incidents.views.following import add_action
from incidents.views.own import correct, withdraw
from incidents.views.reading import clocks, incident, incidents, thread
from incidents.views.reporting import known, my_reports, report
from incidents.views.tracking import rate, tracking
from incidents.views.uploads import report_files, tracking_files

__all__ = [
    "act",
    "add_action",
    "add_note",
    "clocks",
    "correct",
    "incident",
    "incident_file",
    "incident_files",
    "incidents",
    "known",
    "my_reports",
    "rate",
    "report",
    "report_files",
    "thread",
    "tracking",
    "tracking_file",
    "tracking_files",
    "withdraw",
]
