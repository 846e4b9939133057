"""Who changes what: every address that takes more than a GET, every role, one row each."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.people.url_table import (
    ADMINISTRATORS,
    ANYONE,
    API,
    KEEPERS,
    KNOWING,
    MANAGERS,
    NOBODY,
    READERS,
    REPORTING,
    SIGNED_IN,
    WORKERS,
)


@dataclass(frozen=True)
class Change:
    """A write. `may` succeed; all others are refused, and nothing in the database differs afterwards."""

    name: str
    path: str
    may: frozenset[str]
    body: dict[str, Any] = field(default_factory=dict)
    method: str = "post"
    if_match: str = ""


LATER = (datetime.now(UTC) + timedelta(days=1)).isoformat()
EARLIER = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()

NEXT_WEEK, IN_TWO_WEEKS = ((datetime.now(UTC) + timedelta(days=days)).isoformat() for days in (7, 14))
#: A file to send, in place of which `send` puts one.
PAPER = b"Zulu newer paper"
WAITING = {"form_key": "k" * 32, "files": PAPER}
DAY = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()

HOOK = {"name": "Zulu other", "kind": "hook", "address": "https://zulu.example.org/"}
OWN_TEXT = {"kind": "ledger.head", "language": "zh-hans", "subject": "{{about}}", "body": "{{head}}"}
SUBSCRIPTION = f"{API}subscriptions/{{subscription.pk}}/"
TEXT = f"{API}message-texts/{{template.pk}}/"

TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
NEW_ACTION = {"title": "New", "kind": "other", "owner": "{ana.pk}", "due_on": TOMORROW}
NEW_POLICY = {
    "name": "New", "slug": "new", "system": "{system.pk}", "repository": "{repository.pk}",
    "source": {"host": "db", "port": 5432, "database": "x", "user": "x"}, "password": "secret",
}  # fmt: skip

OVERRIDE = {"person": "{ana.pk}", "starts_at": NEXT_WEEK, "ends_at": IN_TWO_WEEKS}
ROTATION = {"roster": "{roster.pk}", "name": "New", "starts_on": DAY, "people": ["{ana.pk}"]}
ROTATION_FORM = {
    "version": "{rotation.version}", "name": "New", "people": ["{ana.pk}"], "length": 1, "period": "weeks",
    "starts_on": DAY, "hand_over_at": "09:00", "weekdays": [0, 1], "position": 1,
}  # fmt: skip
REVIEW = {"version": "{drafted.version}", "title": "New", "kind": "failure", "seen": ""}

CHANGES = [
    # The caller's own
    Change("preferences", "/preferences/", ANYONE, {"theme": "dark"}),
    Change("account_logout", "/accounts/logout/", ANYONE),
    Change("open_message", "/messages/{message.pk}/open/", SIGNED_IN),
    Change("open_message", "/messages/{others.pk}/open/", NOBODY),
    Change("read_all_messages", "/messages/read/", SIGNED_IN),
    Change("api-messages-read", f"{API}messages/{{message.pk}}/read/", SIGNED_IN),
    Change("api-messages-read", f"{API}messages/{{others.pk}}/read/", NOBODY),
    Change("api-messages-read-all", f"{API}messages/read/", SIGNED_IN),
    Change("my_details", "/account/details/", SIGNED_IN, {"name": "Zulu Neu", "language": "", "theme": ""}),
    Change(
        "my_contact_add",
        "/account/contacts/add/",
        SIGNED_IN,
        {"kind": "email", "address": "new@example.org", "name": ""},
    ),
    Change("my_contact_send_code", "/account/contacts/{own_contact.pk}/send-code/", SIGNED_IN),
    Change("my_contact_send_code", "/account/contacts/{contact.pk}/send-code/", NOBODY),
    Change("my_contact_verify", "/account/contacts/{contact.pk}/verify/", NOBODY, {"code": "123456"}),
    Change("my_contact_remove", "/account/contacts/{own_contact.pk}/remove/", SIGNED_IN),
    Change("my_contact_remove", "/account/contacts/{contact.pk}/remove/", NOBODY),
    Change(
        "my_absence_plan",
        "/account/absences/plan/",
        SIGNED_IN,
        {"first_day": DAY, "last_day": DAY, "substitute": "{ana.pk}"},
    ),
    Change("my_absence_end", "/account/absences/{own_absence.pk}/end/", SIGNED_IN),
    Change("my_absence_end", "/account/absences/{absence.pk}/end/", NOBODY),
    Change("my_session_end", "/account/sessions/{own_session.pk}/end/", SIGNED_IN),
    Change("my_sessions_end_others", "/account/sessions/end-others/", SIGNED_IN),
    Change("my_key_revoke", "/account/keys/{own_key.pk}/revoke/", SIGNED_IN),
    Change("my_key_revoke", "/account/keys/{key.pk}/revoke/", NOBODY),
    # Teams, absences, contact methods
    Change("api-teams-list", f"{API}teams/", ADMINISTRATORS, {"name": "New", "members": []}),
    Change("api-teams-detail", f"{API}teams/{{team.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-teams-add-member", f"{API}teams/{{team.pk}}/add-member/", ADMINISTRATORS, {"person": "{ana.pk}"}),
    Change("api-teams-remove-member", f"{API}teams/{{team.pk}}/remove-member/", ADMINISTRATORS, {"person": "{ana.pk}"}),
    Change("api-teams-retire", f"{API}teams/{{team.pk}}/retire/", ADMINISTRATORS),
    Change(
        "api-calendars-list", f"{API}calendars/", ADMINISTRATORS, {"name": "New", "hours": {"monday": "9:00-12:00"}}
    ),
    Change("api-calendars-detail", f"{API}calendars/{{calendar.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-calendars-set-day", f"{API}calendars/{{calendar.pk}}/set-day/", ADMINISTRATORS, {"date": DAY}),
    Change(
        "api-calendars-clear-day", f"{API}calendars/{{calendar.pk}}/clear-day/", ADMINISTRATORS, {"date": "2026-10-01"}
    ),
    Change("api-calendars-make-default", f"{API}calendars/{{calendar.pk}}/make-default/", ADMINISTRATORS),
    Change("api-teams-bring-back", f"{API}teams/{{team.pk}}/bring-back/", ADMINISTRATORS),
    Change(
        "api-absences-list",
        f"{API}absences/",
        ADMINISTRATORS,
        {"person": "{ana.pk}", "starts_at": NEXT_WEEK, "ends_at": IN_TWO_WEEKS},
    ),
    Change("api-absences-end", f"{API}absences/{{absence.pk}}/end/", ADMINISTRATORS),
    Change(
        "api-contact-methods-list",
        f"{API}contact-methods/",
        ADMINISTRATORS,
        {"person": "{ana.pk}", "kind": "phone", "address": "+49301234567"},
    ),
    Change("api-contact-methods-detail", f"{API}contact-methods/{{contact.pk}}/", ADMINISTRATORS, {}, "delete"),
    Change("api-contact-methods-send-code", f"{API}contact-methods/{{contact.pk}}/send-code/", ADMINISTRATORS),
    Change("api-contact-methods-verify", f"{API}contact-methods/{{contact.pk}}/verify/", NOBODY, {"code": "123456"}),
    # Rosters and escalation policies
    Change("override_add", "/rosters/{roster.pk}/overrides/add/", MANAGERS, OVERRIDE),
    Change("override_remove", "/rosters/{roster.pk}/overrides/{override.pk}/remove/", MANAGERS),
    Change("rotation_add", "/rosters/{roster.pk}/rotations/add/", ADMINISTRATORS, ROTATION_FORM),
    Change("rotation_change", "/rosters/{roster.pk}/rotations/{rotation.pk}/", ADMINISTRATORS, ROTATION_FORM),
    Change("rotation_remove", "/rosters/{roster.pk}/rotations/{rotation.pk}/remove/", ADMINISTRATORS),
    Change("feed_make", "/duty/feeds/", SIGNED_IN),
    Change("feed_make", "/duty/feeds/", KNOWING, {"roster": "{roster.pk}"}),
    Change("feed_revoke", "/duty/feeds/{own_feed.pk}/revoke/", SIGNED_IN),
    Change("feed_revoke", "/duty/feeds/{feed.pk}/revoke/", NOBODY),
    Change("api-rosters-list", f"{API}rosters/", ADMINISTRATORS, {"name": "New", "time_zone": "UTC"}),
    Change("api-rosters-detail", f"{API}rosters/{{roster.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-rosters-retire", f"{API}rosters/{{idle_roster.pk}}/retire/", ADMINISTRATORS),
    Change("api-rosters-bring-back", f"{API}rosters/{{idle_roster.pk}}/bring-back/", ADMINISTRATORS),
    Change("api-rosters-add-override", f"{API}rosters/{{roster.pk}}/add-override/", MANAGERS, OVERRIDE),
    Change(
        "api-rosters-remove-override",
        f"{API}rosters/{{roster.pk}}/remove-override/",
        MANAGERS,
        {"override": "{override.pk}"},
    ),
    Change("api-rotations-list", f"{API}rotations/", ADMINISTRATORS, ROTATION),
    Change("api-rotations-detail", f"{API}rotations/{{rotation.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-rotations-detail", f"{API}rotations/{{rotation.pk}}/", ADMINISTRATORS, {}, "delete"),
    Change("api-escalation-policies-list", f"{API}escalation-policies/", ADMINISTRATORS, {"name": "New"}),
    Change(
        "api-escalation-policies-detail",
        f"{API}escalation-policies/{{escalation.pk}}/",
        ADMINISTRATORS,
        {"name": "N"},
        "patch",
        "*",
    ),
    Change("api-escalation-policies-retire", f"{API}escalation-policies/{{escalation.pk}}/retire/", ADMINISTRATORS),
    Change(
        "api-escalation-policies-bring-back", f"{API}escalation-policies/{{escalation.pk}}/bring-back/", ADMINISTRATORS
    ),
    Change("incident_escalate", "/incidents/{called.reference}/escalate/", WORKERS),
    Change("incident_still_on_it", "/incidents/{active.reference}/still-on-it/", WORKERS),
    Change("api-incidents-escalate", f"{API}incidents/{{called.pk}}/escalate/", WORKERS),
    Change("api-incidents-still-on-it", f"{API}incidents/{{active.pk}}/still-on-it/", WORKERS),
    # The ledger
    Change("export_ledger", "/ledger/export/", KEEPERS),
    # Keys and deliveries
    Change("api-keys-list", f"{API}api-keys/", ADMINISTRATORS, {"name": "new", "role": "Administrator"}),
    Change("api-keys-revoke", f"{API}api-keys/{{key.pk}}/revoke/", ADMINISTRATORS),
    Change("try_channel", "/messages/channels/{channel.pk}/try/", ADMINISTRATORS),
    Change("retry_delivery", "/messages/deliveries/{delivery.pk}/retry/", ADMINISTRATORS),
    Change("api-deliveries-retry", f"{API}deliveries/{{delivery.pk}}/retry/", ADMINISTRATORS),
    # Channels, what they hear, and own texts
    Change("api-channels-list", f"{API}channels/", ADMINISTRATORS, HOOK),
    Change("api-channels-detail", f"{API}channels/{{channel.pk}}/", ADMINISTRATORS, {"name": "X"}, "patch", '"1"'),
    Change("api-channels-exchange-secret", f"{API}channels/{{channel.pk}}/exchange-secret/", ADMINISTRATORS),
    Change("api-channels-try", f"{API}channels/{{channel.pk}}/try/", ADMINISTRATORS),
    Change("api-subscriptions-list", f"{API}subscriptions/", ADMINISTRATORS, {"channel": "{channel.pk}"}),
    Change("api-subscriptions-detail", SUBSCRIPTION, ADMINISTRATORS, {"severities": ["1"]}, "patch", '"1"'),
    Change("api-subscriptions-detail", SUBSCRIPTION, ADMINISTRATORS, {}, "delete"),
    Change("api-message-texts-list", f"{API}message-texts/", ADMINISTRATORS, OWN_TEXT),
    Change("api-message-texts-preview", f"{API}message-texts/preview/", ADMINISTRATORS, OWN_TEXT),
    Change("api-message-texts-detail", TEXT, ADMINISTRATORS, {"subject": "{{about}}"}, "patch", '"1"'),
    Change("api-message-texts-detail", TEXT, ADMINISTRATORS, {}, "delete"),
    # Catalog
    Change("api-services-list", f"{API}services/", ADMINISTRATORS, {"name": "New"}),
    Change("api-services-detail", f"{API}services/{{service.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-services-retire", f"{API}services/{{service.pk}}/retire/", ADMINISTRATORS),
    Change("api-services-bring-back", f"{API}services/{{service.pk}}/bring-back/", ADMINISTRATORS),
    Change("api-systems-list", f"{API}systems/", ADMINISTRATORS, {"name": "New"}),
    Change("api-systems-detail", f"{API}systems/{{system.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-systems-retire", f"{API}systems/{{idle.pk}}/retire/", ADMINISTRATORS),
    Change("api-systems-bring-back", f"{API}systems/{{system.pk}}/bring-back/", ADMINISTRATORS),
    Change("api-sites-list", f"{API}sites/", ADMINISTRATORS, {"name": "New"}),
    Change("api-sites-detail", f"{API}sites/{{site.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change(
        "api-dependencies-list",
        f"{API}dependencies/",
        ADMINISTRATORS,
        {"system": "{system.pk}", "on_system": "{policy.system_id}"},
    ),
    Change("catalog_review", "/catalog/services/{service.pk}/review/", MANAGERS),
    Change(
        "api-services-rate-impacts",
        f"{API}services/{{service.pk}}/rate-impacts/",
        ADMINISTRATORS,
        {"impacts": [{"criterion": "money", "after_seconds": 3600, "level": 1}]},
    ),
    Change("api-providers-list", f"{API}providers/", ADMINISTRATORS, {"name": "New"}),
    Change("api-providers-detail", f"{API}providers/{{provider.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"),
    Change("api-documents-list", f"{API}documents/", ADMINISTRATORS, {"title": "New", "service": "{service.pk}"}),
    Change("api-documents-detail", f"{API}documents/{{document.pk}}/", ADMINISTRATORS, {"title": "N"}, "patch", "*"),
    Change("api-documents-retire", f"{API}documents/{{document.pk}}/retire/", ADMINISTRATORS),
    Change(
        "catalog_document",
        "/catalog/documents/{document.pk}/",
        ADMINISTRATORS,
        {"file": PAPER, "version": "{document.version}"},
    ),
    Change("api-documents-renew", f"{API}documents/{{document.pk}}/renew/", ADMINISTRATORS, {"file": PAPER}),
    Change(
        "api-plans-name-causes",
        f"{API}plans/{{plan.pk}}/name-causes/",
        ADMINISTRATORS,
        {"actions": ["{action.reference}"]},
    ),
    # Actions
    Change("new_action", "/actions/new/", WORKERS, {**NEW_ACTION, "concerns": ""}),
    Change("action_act", "/actions/{action.reference}/start/", WORKERS, {"version": "{action.version}"}),
    Change(
        "action_act",
        "/actions/{secret_action.reference}/start/",
        ADMINISTRATORS,
        {"version": "{secret_action.version}"},
    ),
    Change(
        "action_act",
        "/actions/{action.reference}/accept/",
        MANAGERS,
        {"version": "{action.version}", "reason": "x", "until": TOMORROW},
    ),
    Change("new_improvement_plan", "/improvement-plans/new/", MANAGERS, {"title": "New", "owner": "{ana.pk}"}),
    Change(
        "add_phase",
        "/improvement-plans/{improvement.reference}/phases/",
        MANAGERS,
        {"version": "{improvement.version}", "title": "Next", "starts_on": NEXT_YEAR, "ends_on": NEXT_YEAR},
    ),
    Change("incident_action", "/incidents/{plain.reference}/actions/", WORKERS, {**NEW_ACTION, "concerns": ""}),
    Change(
        "incident_action", "/incidents/{restricted.reference}/actions/", ADMINISTRATORS, {**NEW_ACTION, "concerns": ""}
    ),
    Change("api-actions-list", f"{API}actions/", WORKERS, NEW_ACTION),
    Change("api-actions-detail", f"{API}actions/{{action.reference}}/", WORKERS, {"title": "N"}, "patch", "*"),
    Change("api-actions-start", f"{API}actions/{{action.reference}}/start/", WORKERS),
    Change("api-actions-start", f"{API}actions/{{secret_action.reference}}/start/", ADMINISTRATORS),
    Change("api-actions-finish", f"{API}actions/{{action.reference}}/finish/", WORKERS, {"text": "x"}),
    Change("api-actions-confirm", f"{API}actions/{{done_action.reference}}/confirm/", WORKERS, {"evidence": "seen"}),
    Change(
        "api-actions-accept-risk",
        f"{API}actions/{{action.reference}}/accept-risk/",
        MANAGERS,
        {"reason": "x", "until": TOMORROW},
    ),
    Change("api-actions-cancel", f"{API}actions/{{action.reference}}/cancel/", MANAGERS, {"reason": "x"}),
    Change("api-actions-reopen", f"{API}actions/{{over_action.reference}}/reopen/", WORKERS, {"reason": "x"}),
    Change("api-actions-reassign", f"{API}actions/{{action.reference}}/reassign/", WORKERS, {"to": "{ana.pk}"}),
    Change(
        "api-actions-postpone",
        f"{API}actions/{{action.reference}}/postpone/",
        WORKERS,
        {"reason": "x", "due_on": NEXT_YEAR},
    ),
    Change("api-actions-put-into", f"{API}actions/{{action.reference}}/put-into/", WORKERS, {"phase": "{phase.pk}"}),
    Change("api-improvement-plans-list", f"{API}improvement-plans/", MANAGERS, {"title": "N", "owner": "{ana.pk}"}),
    Change(
        "api-improvement-plans-detail",
        f"{API}improvement-plans/{{improvement.pk}}/",
        MANAGERS,
        {"title": "N"},
        "patch",
        "*",
    ),
    Change("api-dependencies-detail", f"{API}dependencies/{{spare.pk}}/", ADMINISTRATORS, {}, "delete"),
    # Evidence and reviews
    Change(
        "api-incidents-evidence-not-needed",
        f"{API}incidents/{{plain.reference}}/evidence/not-needed/",
        WORKERS,
        {"item": "logs", "reason": "x"},
    ),
    Change("api-incidents-begin-review", f"{API}incidents/{{resolved.reference}}/review/", WORKERS),
    Change(
        "api-incident-reviews-detail",
        f"{API}incident-reviews/{{drafted.pk}}/",
        WORKERS,
        {"lessons": "x"},
        "patch",
        "*",
    ),
    Change("api-incident-reviews-submit", f"{API}incident-reviews/{{drafted.pk}}/submit/", WORKERS),
    Change("api-incident-reviews-approve", f"{API}incident-reviews/{{waiting.pk}}/approve/", MANAGERS),
    Change(
        "api-incident-reviews-send-back",
        f"{API}incident-reviews/{{waiting.pk}}/send-back/",
        MANAGERS,
        {"reason": "x"},
    ),
    Change("incident_export", "/incidents/{plain.reference}/export/zip/", READERS),
    Change("incident_export", "/incidents/{restricted.reference}/export/pdf/", KEEPERS),
    Change(
        "incident_evidence",
        "/incidents/{plain.reference}/evidence/",
        WORKERS,
        {"item": "logs", "do": "not_needed", "reason": "x"},
    ),
    Change("incident_review_begin", "/incidents/{resolved.reference}/review/begin/", WORKERS),
    Change("incident_review_edit", "/incidents/{drafted.incident.reference}/review/edit/", WORKERS, REVIEW),
    Change(
        "incident_review_approve",
        "/incidents/{waiting.incident.reference}/review/approve/",
        MANAGERS,
        {"version": "{waiting.version}"},
    ),
    Change(
        "incident_review_send_back",
        "/incidents/{waiting.incident.reference}/review/send-back/",
        MANAGERS,
        {"version": "{waiting.version}", "reason": "x"},
    ),
    # Incidents
    Change("report", "/report/", REPORTING, {"description": "Something is wrong"}),
    Change("report", "/report/", REPORTING, {"me_too": "{known.reference}"}),
    Change("report", "/report/", NOBODY, {"me_too": "{restricted.reference}"}),
    Change("tracking", "/report/track/{plain.tracking_token}/", ANYONE, {"text": "Still broken"}),
    Change(
        "tracking_files",
        "/report/track/{plain.tracking_token}/waiting/",
        ANYONE,
        WAITING,
    ),
    Change("tracking_rating", "/report/track/{resolved.tracking_token}/rating/", ANYONE, {"stars": 4}),
    Change("report_files", "/report/files/", REPORTING, WAITING),
    Change("correct_report", "/report/mine/{own.reference}/correct/", REPORTING, {"version": 1, "description": "N"}),
    Change("correct_report", "/report/mine/{plain.reference}/correct/", NOBODY, {"version": 1, "description": "N"}),
    Change("withdraw_report", "/report/mine/{own.reference}/withdraw/", REPORTING, {"version": 1, "reason": "x"}),
    Change("withdraw_report", "/report/mine/{plain.reference}/withdraw/", NOBODY, {"version": 1, "reason": "x"}),
    Change("incident_files", "/incidents/{plain.reference}/files/", WORKERS, {"files": PAPER}),
    Change("incident_files", "/incidents/{restricted.reference}/files/", ADMINISTRATORS, {"files": PAPER}),
    Change(
        "incidents_bulk",
        "/incidents/bulk/",
        WORKERS,
        {"do": "acknowledge", "chosen": "{plain.reference}:{plain.version}"},
    ),
    Change("incident_views", "/incidents/views/", READERS, {"name": "Zulu new view", "query": "state=all"}),
    Change("incident_view", "/incidents/views/{own_view.pk}/", READERS, {"name": "Zulu other name"}),
    Change("incident_view", "/incidents/views/{view.pk}/", NOBODY, {"name": "Zulu other name"}),
    Change("incident_view_remove", "/incidents/views/{own_view.pk}/remove/", READERS),
    Change("incident_view_remove", "/incidents/views/{view.pk}/remove/", NOBODY),
    Change("incident_first_view", "/incidents/views/first/", READERS, {"view": "{own_view.pk}"}),
    Change("api-incident-views-list", f"{API}incident-views/", READERS, {"name": "Zulu new view", "query": ""}),
    Change("api-incident-views-detail", f"{API}incident-views/{{own_view.pk}}/", READERS, {"name": "N"}, "patch", "*"),
    Change("api-incident-views-detail", f"{API}incident-views/{{view.pk}}/", NOBODY, {"name": "N"}, "patch", "*"),
    Change("api-incident-views-detail", f"{API}incident-views/{{own_view.pk}}/", READERS, {}, "delete"),
    Change("api-incident-views-detail", f"{API}incident-views/{{view.pk}}/", NOBODY, {}, "delete"),
    Change(
        "api-incidents-bulk",
        f"{API}incidents/bulk/",
        WORKERS,
        {"do": "acknowledge", "incidents": [{"incident": "{plain.reference}"}]},
    ),
    Change("incident_note", "/incidents/{plain.reference}/note/", WORKERS, {"text": "x"}),
    Change("incident_note", "/incidents/{restricted.reference}/note/", ADMINISTRATORS, {"text": "x"}),
    Change("incident_act", "/incidents/{plain.reference}/acknowledge/", WORKERS, {"version": "{plain.version}"}),
    Change(
        "incident_act",
        "/incidents/{restricted.reference}/acknowledge/",
        ADMINISTRATORS,
        {"version": "{restricted.version}"},
    ),
    Change("api-incidents-list", f"{API}incidents/", REPORTING, {"description": "Something is wrong"}),
    Change("api-incidents-detail", f"{API}incidents/{{plain.reference}}/", WORKERS, {"title": "N"}, "patch", "*"),
    Change("api-incidents-detail", f"{API}incidents/{{own.reference}}/", WORKERS, {"title": "N"}, "patch", "*"),
    Change("api-incidents-attachments", f"{API}incidents/{{plain.reference}}/attachments/", WORKERS, {"file": PAPER}),
    Change("api-incidents-answer", f"{API}incidents/{{own.reference}}/answer/", REPORTING, {"text": "more"}),
    Change("api-incidents-answer", f"{API}incidents/{{plain.reference}}/answer/", NOBODY, {"text": "more"}),
    Change("api-incidents-attachments", f"{API}incidents/{{own.reference}}/attachments/", REPORTING, {"file": PAPER}),
    Change("api-incidents-correct", f"{API}incidents/{{own.reference}}/correct/", REPORTING, {"place": "N"}),
    Change("api-incidents-correct", f"{API}incidents/{{plain.reference}}/correct/", NOBODY, {"place": "N"}),
    Change("api-incidents-withdraw", f"{API}incidents/{{own.reference}}/withdraw/", REPORTING, {"reason": "x"}),
    Change("api-incidents-withdraw", f"{API}incidents/{{plain.reference}}/withdraw/", NOBODY, {"reason": "x"}),
    Change("api-incidents-known-problems", f"{API}incidents/known-problems/", REPORTING, {"description": "Zulu"}),
    Change("api-incidents-join", f"{API}incidents/{{known.reference}}/join/", REPORTING, {"text": "Here too"}),
    Change("api-incidents-join", f"{API}incidents/{{plain.reference}}/join/", NOBODY, {"text": "Here too"}),
    Change("api-incidents-rate", f"{API}incidents/{{resolved.reference}}/rate/", NOBODY, {"stars": 4}),
    Change("api-incidents-acknowledge", f"{API}incidents/{{plain.reference}}/acknowledge/", WORKERS),
    Change("api-incidents-acknowledge", f"{API}incidents/{{restricted.reference}}/acknowledge/", ADMINISTRATORS),
    Change("api-incidents-assign", f"{API}incidents/{{plain.reference}}/assign/", WORKERS, {"to": "{ana.pk}"}),
    Change("api-incidents-cancel", f"{API}incidents/{{plain.reference}}/cancel/", WORKERS, {"reason": "no"}),
    Change("api-incidents-close", f"{API}incidents/{{resolved.reference}}/close/", WORKERS),
    Change(
        "api-incidents-hold",
        f"{API}incidents/{{active.reference}}/hold/",
        WORKERS,
        {"hold_reason": "vendor", "reason": "waiting", "resume_at": LATER},
    ),
    Change(
        "api-incidents-deadline",
        f"{API}incidents/{{active.reference}}/deadline/",
        WORKERS,
        {"due_at": LATER, "reason": "Month-end"},
    ),
    Change(
        "api-time-limits-list",
        f"{API}time-limits/",
        ADMINISTRATORS,
        {"severity": 1, "calendar": "{calendar.pk}", "resolve_within": "04:00:00"},
    ),
    Change(
        "api-time-limits-detail",
        f"{API}time-limits/{{limit.pk}}/",
        ADMINISTRATORS,
        {"resolve_within": "04:00:00"},
        "patch",
        "*",
    ),
    Change("api-severity-matrix", f"{API}severity-matrix/", ADMINISTRATORS, {"medium_high": 1}, "patch", "*"),
    Change("api-time-limits-withdraw", f"{API}time-limits/{{limit.pk}}/withdraw/", ADMINISTRATORS),
    Change(
        "api-incidents-correct-time",
        f"{API}incidents/{{resolved.reference}}/correct-time/",
        WORKERS,
        {"which": "resolved_at", "at": EARLIER, "reason": "the log"},
    ),
    Change(
        "api-incidents-open-again", f"{API}incidents/{{resolved.reference}}/open-again/", WORKERS, {"reason": "again"}
    ),
    Change("incident_tasks", "/incidents/{plain.reference}/tasks/", WORKERS, {"title": "N"}),
    Change("incident_tasks", "/incidents/{restricted.reference}/tasks/", ADMINISTRATORS, {"title": "N"}),
    Change("incident_task_change", "/incidents/{plain.reference}/tasks/{task.pk}/", WORKERS, {"title": "N"}),
    Change("incident_task", "/incidents/{plain.reference}/tasks/{task.pk}/finish/", WORKERS),
    Change(
        "api-incident-tasks-list", f"{API}incident-tasks/", WORKERS, {"incident": "{plain.reference}", "title": "N"}
    ),
    Change("api-incident-tasks-detail", f"{API}incident-tasks/{{task.pk}}/", WORKERS, {"title": "N"}, "patch", "*"),
    Change("api-incident-tasks-take", f"{API}incident-tasks/{{task.pk}}/take/", WORKERS),
    Change("api-incident-tasks-finish", f"{API}incident-tasks/{{task.pk}}/finish/", WORKERS),
    Change("api-incident-tasks-drop", f"{API}incident-tasks/{{task.pk}}/drop/", WORKERS, {"reason": "no"}),
    Change("api-incident-tasks-reopen", f"{API}incident-tasks/{{done_task.pk}}/reopen/", WORKERS),
    Change("api-incident-tasks-place", f"{API}incident-tasks/{{task.pk}}/place/", WORKERS, {"step": 1}),
    Change(
        "api-incidents-declare-major",
        f"{API}incidents/{{active.reference}}/declare-major/",
        WORKERS,
        {"reason": "all sites"},
    ),
    Change("api-incidents-stand-down", f"{API}incidents/{{major.reference}}/stand-down/", WORKERS, {"reason": "x"}),
    Change(
        "api-incidents-hand-over-role",
        f"{API}incidents/{{major.reference}}/hand-over-role/",
        WORKERS,
        {"role": "scribe", "to": "{ana.pk}"},
    ),
    Change(
        "api-incidents-merge", f"{API}incidents/{{plain.reference}}/merge/", WORKERS, {"into": "{active.reference}"}
    ),
    Change("api-incidents-unmerge", f"{API}incidents/{{merged.reference}}/unmerge/", WORKERS, {"reason": "x"}),
    Change("api-incidents-mitigate", f"{API}incidents/{{active.reference}}/mitigate/", WORKERS),
    Change("api-incidents-note", f"{API}incidents/{{plain.reference}}/note/", WORKERS, {"text": "x"}),
    Change("api-incidents-reopen", f"{API}incidents/{{resolved.reference}}/reopen/", WORKERS, {"reason": "again"}),
    Change("api-incidents-resolve", f"{API}incidents/{{active.reference}}/resolve/", WORKERS),
    Change("api-incidents-resume", f"{API}incidents/{{held.reference}}/resume/", WORKERS),
    Change(
        "api-incidents-severity",
        f"{API}incidents/{{plain.reference}}/severity/",
        WORKERS,
        {"severity": 1, "reason": "worse"},
    ),
    Change("api-incidents-update-reporters", f"{API}incidents/{{active.reference}}/update/", WORKERS, {"text": "x"}),
    # Backups
    Change("start_run", "/backups/zulu-policy/start/", WORKERS, {"kind": "backup"}),
    Change(
        "api-repositories-list", f"{API}repositories/", ADMINISTRATORS, {"name": "New", "location": "/srv/new-copies"}
    ),
    Change(
        "api-repositories-detail", f"{API}repositories/{{repository.pk}}/", ADMINISTRATORS, {"name": "N"}, "patch", "*"
    ),
    Change("api-backup-policies-list", f"{API}backup-policies/", ADMINISTRATORS, NEW_POLICY),
    Change(
        "api-backup-policies-detail",
        f"{API}backup-policies/{{policy.pk}}/",
        ADMINISTRATORS,
        {"keep_copies": 9},
        "patch",
        "*",
    ),
    Change("api-backup-policies-run", f"{API}backup-policies/{{policy.pk}}/run/", WORKERS),
    Change("api-backup-policies-check", f"{API}backup-policies/{{policy.pk}}/check/", WORKERS),
    Change("api-backup-policies-test-restore", f"{API}backup-policies/{{policy.pk}}/test-restore/", WORKERS),
    Change("api-backup-policies-pause", f"{API}backup-policies/{{policy.pk}}/pause/", ADMINISTRATORS),
    Change("api-backup-policies-resume", f"{API}backup-policies/{{policy.pk}}/resume/", ADMINISTRATORS),
]

#: Pages of signing in whose posts are tested where signing in is (test_sign_in, test_two_factors, …).
TESTED_ELSEWHERE = {
    "account_login", "my_key_make", "account_reauthenticate", "account_change_password", "account_set_password",
    "account_reset_password", "account_reset_password_from_key", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes",
    "mfa_add_webauthn", "mfa_login_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
}  # fmt: skip
