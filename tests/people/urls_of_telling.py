"""Who sees and who changes what people are told: rows of the matrix."""

from datetime import UTC, datetime, timedelta

from tests.people.url_changes import Change
from tests.people.url_table import ADMINISTRATORS, ANYONE, API, EVERYBODY, NOBODY, READERS, WORKERS, Read

SOON = (datetime.now(UTC) + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
UPDATE = "/incidents/{active.reference}/updates/{telling.update.pk}/"
WAITING = "/incidents/{active.reference}/updates/{telling.waiting.pk}/"
REPORT = "/incidents/{plain.reference}/reports/{telling.reports[due].pk}/"
SAID = {"audience": "reporters", "texts": [{"language": "en", "text": "x"}]}


def _report(state: str) -> str:
    return f"{API}authority-reports/{{telling.reports[{state}].pk}}/"


TELLING_READS = [
    # The status page is for staff here; who has no role is nobody's staff
    Read("status", "/status/", EVERYBODY, "Zulu public service"),
    Read("status_page", "/status/en/history/", EVERYBODY, "Zulu public title"),
    Read("status_page", "/status/status.json", EVERYBODY, "Zulu public service"),
    Read("status_subscribe", "/status/subscribe/", NOBODY),
    Read("status_confirm", "/status/confirm/{telling.watcher.token}/", ANYONE),
    Read("status_unsubscribe", "/status/unsubscribe/{telling.watcher.token}/", ANYONE),
    Read("my_news", "/incidents/news/", WORKERS, "Zulu service"),
    Read("incident_update", "/incidents/{active.reference}/update/", WORKERS, "{active.reference}"),
    Read("incident_update", "/incidents/{restricted.reference}/update/", ADMINISTRATORS, "{restricted.reference}"),
    Read("incident_told", UPDATE, READERS, "Zulu told words"),
    Read("incident_unpublish", "/incidents/{held.reference}/unpublish/", WORKERS, "{held.reference}"),
    Read("incident_stakeholders", "/incidents/{plain.reference}/stakeholders/", WORKERS, "Zulu Writer"),
    Read("authority_report", REPORT, READERS, "Zulu authority due"),
    Read("api-incident-updates-list", f"{API}incident-updates/", READERS, "Zulu told words"),
    Read("api-incident-updates-detail", f"{API}incident-updates/{{telling.update.pk}}/", READERS, "Zulu told words"),
    Read("api-authority-reports-list", f"{API}authority-reports/", READERS, "Zulu authority due"),
    Read("api-authority-reports-detail", _report("due"), READERS, "Zulu authority due"),
    Read("api-authorities-list", f"{API}authorities/", READERS, "Zulu new authority"),
    Read("api-authorities-detail", f"{API}authorities/{{telling.authority_row.pk}}/", READERS, "Zulu new authority"),
]

TELLING_CHANGES = [
    Change("status_confirm", "/status/confirm/{telling.watcher.token}/", ANYONE),
    Change("status_unsubscribe", "/status/unsubscribe/{telling.watcher.token}/", ANYONE),
    Change("status_subscribe", "/status/subscribe/", NOBODY, {"address": "new@example.org"}),
    Change("my_news", "/incidents/news/", WORKERS, {"severities": "1"}),
    Change(
        "incident_update",
        "/incidents/{active.reference}/update/",
        WORKERS,
        {"text": "x", "version": "{active.version}"},
    ),
    Change(
        "incident_update",
        "/incidents/{restricted.reference}/update/",
        ADMINISTRATORS,
        {"text": "x", "version": "{restricted.version}"},
    ),
    Change("incident_approve_update", f"{WAITING}approve/", WORKERS),
    Change("incident_decline_update", f"{WAITING}decline/", WORKERS, {"reason": "x"}),
    Change(
        "incident_unpublish",
        "/incidents/{held.reference}/unpublish/",
        WORKERS,
        {"version": "{held.version}", "reason": "x"},
    ),
    Change("incident_stakeholders", "/incidents/{plain.reference}/stakeholders/", WORKERS, {"person": "{ana.pk}"}),
    Change(
        "incident_stakeholder_remove",
        "/incidents/{plain.reference}/stakeholders/{telling.stakeholder.pk}/remove/",
        WORKERS,
    ),
    Change(
        "incident_require_report",
        "/incidents/{active.reference}/reports/",
        WORKERS,
        {"authority": "{telling.authority_row.pk}"},
    ),
    Change("authority_step", f"{REPORT}draft/", WORKERS, {"version": "{telling.reports[due].version}", "text": "x"}),
    Change("api-incidents-post-update", f"{API}incidents/{{active.reference}}/updates/", WORKERS, SAID),
    Change("api-incidents-post-update", f"{API}incidents/{{restricted.reference}}/updates/", ADMINISTRATORS, SAID),
    Change("api-incident-updates-approve", f"{API}incident-updates/{{telling.waiting.pk}}/approve/", WORKERS),
    Change(
        "api-incident-updates-decline",
        f"{API}incident-updates/{{telling.waiting.pk}}/decline/",
        WORKERS,
        {"reason": "x"},
    ),
    Change(
        "api-authority-reports-list",
        f"{API}authority-reports/",
        WORKERS,
        {"incident": "{active.pk}", "authority": "{telling.authority_row.pk}"},
    ),
    Change("api-authority-reports-draft", f"{_report('due')}draft/", WORKERS, {"text": "x"}),
    Change("api-authority-reports-approve", f"{_report('drafted')}approve/", WORKERS),
    Change("api-authority-reports-sent", f"{_report('approved')}sent/", WORKERS, {"how": "portal"}),
    Change("api-authority-reports-mail", f"{_report('approved')}mail/", WORKERS),
    Change("api-authority-reports-proof", f"{_report('due')}proof/", WORKERS, {"attachment": "{paper.pk}"}),
    Change("api-authority-reports-waive", f"{_report('due')}waive/", WORKERS, {"reason": "x"}),
    Change("api-authority-reports-need", f"{_report('not_needed')}need/", WORKERS),
]
