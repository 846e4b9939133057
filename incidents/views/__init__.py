"""Pages of incidents."""

from incidents.views.acting import act, add_note
from incidents.views.authorities import authority_report, authority_step, require_report
from incidents.views.board import board, moves
from incidents.views.bulk import bulk
from incidents.views.calling import escalate, still_on_it
from incidents.views.cases import case, cases
from incidents.views.evidence import evidence
from incidents.views.exporting import export_incident
from incidents.views.figures import figures, figures_csv
from incidents.views.files import incident_file, incident_files, tracking_file
from incidents.views.following import add_action
from incidents.views.lists import first_view, remove_view, saved_view, saved_views
from incidents.views.news import my_news
from incidents.views.own import correct, withdraw
from incidents.views.reading import clocks, incident, incidents, thread
from incidents.views.reporting import known, my_reports, report
from incidents.views.reviews import approve_review, begin_review, edit_review, review, send_back_review
from incidents.views.status import confirm, status, subscribe, unsubscribe
from incidents.views.tasks import act_on_task, add_task, change_task
from incidents.views.telling import (
    approve,
    decline,
    remove_stakeholder,
    stakeholders,
    told_of,
    unpublish,
    update,
)
from incidents.views.tracking import rate, tracking
from incidents.views.uploads import report_files, tracking_files

__all__ = [
    "act",
    "act_on_task",
    "add_action",
    "add_note",
    "add_task",
    "approve",
    "approve_review",
    "authority_report",
    "authority_step",
    "begin_review",
    "board",
    "bulk",
    "case",
    "cases",
    "change_task",
    "clocks",
    "confirm",
    "correct",
    "decline",
    "edit_review",
    "escalate",
    "evidence",
    "export_incident",
    "figures",
    "figures_csv",
    "first_view",
    "incident",
    "incident_file",
    "incident_files",
    "incidents",
    "known",
    "moves",
    "my_news",
    "my_reports",
    "rate",
    "remove_stakeholder",
    "remove_view",
    "report",
    "report_files",
    "require_report",
    "review",
    "saved_view",
    "saved_views",
    "send_back_review",
    "stakeholders",
    "status",
    "still_on_it",
    "subscribe",
    "thread",
    "told_of",
    "tracking",
    "tracking_file",
    "tracking_files",
    "unpublish",
    "unsubscribe",
    "update",
    "withdraw",
]
