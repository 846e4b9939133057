"""Who sees what: every address, every role, one row each. Who changes what stands in `url_changes`.

A name that the resolver knows and these tables do not is a failing test; so is a row without an address.
"""

from dataclasses import dataclass

from people.choices import Role

REPORTER, RESPONDER, MANAGER, REVIEWER, AUDITOR, ADMINISTRATOR = (str(role) for role in Role)

NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(Role.values)
ADMINISTRATORS = frozenset({ADMINISTRATOR})
KEEPERS = ADMINISTRATORS | {AUDITOR}
WORKERS = frozenset({RESPONDER, MANAGER, ADMINISTRATOR})
MANAGERS = frozenset({MANAGER, ADMINISTRATOR})
READERS = WORKERS | {AUDITOR}
CATALOG = READERS | {REVIEWER}
REPORTING = EVERYBODY - {AUDITOR}
#: Somebody signed in, with or without a role.
SIGNED_IN = EVERYBODY | {"no role"}
ANYONE = SIGNED_IN | {"anonymous"}


@dataclass(frozen=True)
class Read:
    """A GET. `sees` are shown `marker` (200); all others are not, whatever the status.

    name: of the address.  path: with {rows} of the world.
    own: a page of the caller's own things, without rows to tell apart.
    """

    name: str
    path: str
    sees: frozenset[str]
    marker: str = ""
    statuses: frozenset[int] = frozenset({200})


API = "/api/v1/"

READS = [
    # Open to all: nothing of the organisation is on them
    Read("healthz", "/healthz", ANYONE, "ok"),
    Read("readyz", "/readyz", ANYONE, "ready", frozenset({200, 503})),
    Read("metrics", "/metrics", NOBODY, "holdfast_", frozenset({401})),
    Read("account_login", "/accounts/login/", frozenset({"anonymous"}), "Sign in"),
    Read("account_logout", "/accounts/logout/", SIGNED_IN),
    Read("account_inactive", "/accounts/inactive/", ANYONE),
    Read("account_reset_password", "/accounts/password/reset/", ANYONE),
    Read("account_reset_password_done", "/accounts/password/reset/done/", ANYONE),
    Read("account_reset_password_from_key", "/accounts/password/reset/key/x-y/", ANYONE),
    Read("account_reset_password_from_key_done", "/accounts/password/reset/key/done/", ANYONE),
    Read("api-root", API, ANYONE, "/api/schema/"),
    Read("api-schema", "/api/schema/", ANYONE, "openapi"),
    Read("api-docs", "/api/docs/", ANYONE, "swagger"),
    Read("tracking", "/report/track/{plain.tracking_token}/", ANYONE, "Zulu plain"),
    Read("tracking_file", "/report/track/{plain.tracking_token}/files/{picture.pk}/", ANYONE, "Zulu picture"),
    Read("tracking_file", "/report/track/{plain.tracking_token}/files/{paper.pk}/", NOBODY, "Zulu kept log"),
    Read("tracking_file", "/report/track/{own.tracking_token}/files/{picture.pk}/", NOBODY, "Zulu picture"),
    Read(
        "tracking_picture", "/report/track/{plain.tracking_token}/files/{picture.pk}/picture/", ANYONE, "Zulu picture"
    ),
    # The caller's own account: some pages lead to typing the password again
    Read("account_reauthenticate", "/accounts/reauthenticate/", SIGNED_IN),
    Read("account_change_password", "/accounts/password/change/", SIGNED_IN, "", frozenset({200, 302})),
    Read("account_set_password", "/accounts/password/set/", SIGNED_IN, "", frozenset({200, 302})),
    Read("mfa_index", "/accounts/2fa/", SIGNED_IN),
    Read("mfa_authenticate", "/accounts/2fa/authenticate/", NOBODY),
    Read("mfa_reauthenticate", "/accounts/2fa/reauthenticate/", SIGNED_IN, "", frozenset({302})),
    Read("mfa_activate_totp", "/accounts/2fa/totp/activate/", SIGNED_IN, "", frozenset({302})),
    Read("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/", NOBODY),
    Read("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/", NOBODY),
    Read("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/", NOBODY),
    Read("mfa_download_recovery_codes", "/accounts/2fa/recovery-codes/download/", NOBODY),
    # Without an issuer in the settings there is no single sign-on
    Read("sign_on", "/accounts/sign-on/", NOBODY),
    Read("sign_on_callback", "/accounts/sign-on/callback/", NOBODY),
    Read("mfa_list_webauthn", "/accounts/2fa/webauthn/", SIGNED_IN),
    Read("mfa_login_webauthn", "/accounts/2fa/webauthn/login/", ANYONE, "", frozenset({302})),
    Read("mfa_add_webauthn", "/accounts/2fa/webauthn/add/", SIGNED_IN, "", frozenset({302})),
    Read("mfa_reauthenticate_webauthn", "/accounts/2fa/webauthn/reauthenticate/", SIGNED_IN, "", frozenset({302})),
    Read("mfa_edit_webauthn", "/accounts/2fa/webauthn/keys/1/edit/", SIGNED_IN, "", frozenset({302})),
    Read("mfa_remove_webauthn", "/accounts/2fa/webauthn/keys/1/remove/", SIGNED_IN, "", frozenset({302})),
    Read("api-me", f"{API}me/", SIGNED_IN, "{actor.pk}"),
    # Pages
    Read("overview", "/", CATALOG, "Zulu service"),
    Read("ledger", "/ledger/?subject=zulu+ana", KEEPERS, "Zulu Ana"),
    Read("ledger", "/ledger/?type=incidents.incident&id={plain.pk}", READERS, "{plain.reference}"),
    Read("ledger", "/ledger/?type=incidents.incident&id={restricted.pk}", KEEPERS, "{restricted.reference}"),
    Read("ledger", "/ledger/?type=people.user&id={ana.pk}", KEEPERS, "Zulu Ana"),
    Read("jobs", "/jobs/", READERS, "Signs of life"),
    Read("restored", "/restored/", ADMINISTRATORS, "Nothing is held"),
    Read("welcome", "/welcome/", ADMINISTRATORS, 'value="finish"'),
    Read("my_work", "/my-work/", WORKERS, "Zulu plain"),
    Read("my_work", "/my-work/", ADMINISTRATORS, "Zulu restricted"),
    Read("work_count", "/my-work/count/", SIGNED_IN),
    Read("search", "/search/?q=zulu", READERS, "Zulu plain"),
    Read("search", "/search/?q={restricted.reference}", KEEPERS, "", frozenset({302})),
    Read("search", "/search/?q=zulu", EVERYBODY, "Zulu own"),
    Read("search", "/search/?q=zulu", EVERYBODY, "Zulu plan in force"),
    Read("search", "/search/?q=zulu", CATALOG, "zulu-policy"),
    Read("search", "/search/?q=zulu", CATALOG, "Zulu other system"),
    Read("search", "/search/?q=zulu", EVERYBODY, "Zulu Ana"),
    Read("search", "/search/?q=zulu", KEEPERS, "Zulu Gone"),
    Read("search", "/search/?q=zulu", SIGNED_IN, "Zulu message of mine"),
    Read("search", "/search/?q=zulu", NOBODY, "Zulu message of another"),
    Read("search", "/search/?q=zulu+ana", WORKERS, "zulu.recipient@example.org"),
    Read("messages", "/messages/", SIGNED_IN, "Zulu message of mine"),
    Read("messages", "/messages/", NOBODY, "Zulu message of another"),
    Read("deliveries", "/messages/deliveries/?state=dead", KEEPERS, "{delivery.pk}"),
    Read("deliveries", "/messages/deliveries/?state=dead", ADMINISTRATORS, "zulu.recipient@example.org"),
    Read("deliveries", "/messages/deliveries/", NOBODY, "Zulu message of another"),
    Read("delivery", "/messages/deliveries/{delivery.pk}/", KEEPERS, "Zulu answer of a server"),
    Read("delivery", "/messages/deliveries/{delivery.pk}/", ADMINISTRATORS, "zulu.recipient@example.org"),
    Read("delivery", "/messages/deliveries/{delivery.pk}/", NOBODY, "Zulu message of another"),
    Read("channels", "/messages/channels/", KEEPERS, "Zulu pager"),
    Read("channels", "/messages/channels/", NOBODY, "zulu-token"),
    Read("report", "/report/", REPORTING, "Zulu service"),
    Read("report_known", "/report/known/?description=Zulu+is+slow+for+all", REPORTING, "Zulu is slow for all"),
    Read("correct_report", "/report/mine/{own.reference}/correct/", REPORTING, "Zulu own"),
    Read("correct_report", "/report/mine/{plain.reference}/correct/", NOBODY, "Zulu plain"),
    Read("withdraw_report", "/report/mine/{own.reference}/withdraw/", REPORTING, "Zulu own"),
    Read("withdraw_report", "/report/mine/{plain.reference}/withdraw/", NOBODY, "Zulu plain"),
    Read("my_reports", "/report/mine/", EVERYBODY, "Zulu own"),
    Read("my_reports", "/report/mine/", NOBODY, "Zulu plain"),
    Read("incidents", "/incidents/", READERS, "Zulu plain"),
    Read("incidents", "/incidents/", KEEPERS, "Zulu restricted"),
    Read("incident", "/incidents/{plain.reference}/", READERS, "Zulu plain"),
    Read("incident", "/incidents/{restricted.reference}/", KEEPERS, "Zulu restricted"),
    Read("incident_file", "/incidents/{plain.reference}/files/{paper.pk}/", READERS, "Zulu kept log"),
    Read("incident_file", "/incidents/{restricted.reference}/files/{secret_paper.pk}/", KEEPERS, "Zulu secret log"),
    Read("incident_file", "/incidents/{plain.reference}/files/{secret_paper.pk}/", NOBODY, "Zulu secret log"),
    Read("incident_picture", "/incidents/{plain.reference}/files/{picture.pk}/picture/", READERS, "Zulu picture"),
    Read("incident_thread", "/incidents/{plain.reference}/thread/", READERS, "Zulu plain"),
    Read("incident_clocks", "/incidents/{plain.reference}/clocks/", READERS, "Next update"),
    Read("incident_clocks", "/incidents/{restricted.reference}/clocks/", KEEPERS, "Next update"),
    Read("incident_thread", "/incidents/{restricted.reference}/thread/", KEEPERS),
    Read("incident_act", "/incidents/{plain.reference}/resolve/", WORKERS, "{plain.reference}"),
    Read("incident_act", "/incidents/{restricted.reference}/resolve/", ADMINISTRATORS, "{restricted.reference}"),
    Read("catalog", "/catalog/", CATALOG, "Zulu service"),
    Read("catalog_systems", "/catalog/systems/", CATALOG, "Zulu system"),
    Read("catalog_providers", "/catalog/providers/", CATALOG, "Zulu provider"),
    Read("catalog_documents", "/catalog/documents/", CATALOG, "Zulu document"),
    Read("catalog_document", "/catalog/documents/{document.pk}/", CATALOG, "Zulu document"),
    Read("catalog_document_file", "/catalog/documents/{document.pk}/file/", CATALOG, "Zulu paper"),
    Read("catalog_service", "/catalog/services/{service.pk}/", CATALOG, "Zulu system"),
    Read("catalog_system", "/catalog/systems/{system.pk}/", CATALOG, "Zulu service"),
    Read("catalog_provider", "/catalog/providers/{provider.pk}/", CATALOG, "Zulu document"),
    Read("backups_of_system", "/backups/of-system/{policy.system_id}/", CATALOG, "zulu-policy"),
    Read("actions", "/actions/", CATALOG, "Zulu action"),
    Read("actions", "/actions/", KEEPERS, "Zulu secret action"),
    Read("new_action", "/actions/new/", WORKERS, "Zulu system"),
    Read("action", "/actions/{action.reference}/", CATALOG, "Zulu action"),
    Read("action", "/actions/{secret_action.reference}/", KEEPERS, "Zulu secret action"),
    Read("action_act", "/actions/{action.reference}/finish/", WORKERS, "Zulu action"),
    Read("action_act", "/actions/{secret_action.reference}/finish/", ADMINISTRATORS, "Zulu secret action"),
    Read("improvement_plans", "/improvement-plans/", CATALOG, "Zulu improvement"),
    Read("new_improvement_plan", "/improvement-plans/new/", MANAGERS, "Zulu Ana"),
    Read("improvement_plan", "/improvement-plans/{improvement.reference}/", CATALOG, "Zulu phase"),
    Read("incident_action", "/incidents/{plain.reference}/actions/", WORKERS, "{plain.reference}"),
    Read("incident_action", "/incidents/{restricted.reference}/actions/", ADMINISTRATORS, "{restricted.reference}"),
    Read("plans", "/plans/", EVERYBODY, "Zulu plan in force"),
    Read("plans", "/plans/", CATALOG, "ZULU-DRAFT"),
    Read("plan", "/plans/ZULU-1/", EVERYBODY, "Zulu words"),
    Read("plan", "/plans/ZULU-DRAFT/", CATALOG, "ZULU-DRAFT"),
    Read("backups", "/backups/", CATALOG, "zulu-policy"),
    Read("backup_policy", "/backups/zulu-policy/", CATALOG, "zulu-policy"),
    Read("restore_tests", "/restore-tests/", CATALOG, "{test.reference}"),
    Read("run", "/backups/runs/{test.reference}/", CATALOG, "{test.reference}"),
    Read("run", "/backups/runs/{test.reference}/", READERS, "Zulu tail"),
    # People
    Read("people", "/people/", EVERYBODY, "Zulu Ana"),
    Read("people", "/people/", WORKERS, "zulu.recipient@example.org"),
    Read("people", "/people/", frozenset({AUDITOR}), "z•••@example.org"),
    Read("people", "/people/", NOBODY, "Zulu Gone"),
    Read("my_account", "/account/", SIGNED_IN, "Zulu device"),
    Read("my_account", "/account/", NOBODY, "zulu.contact"),
    Read("my_details", "/account/details/", SIGNED_IN, "Africa/Abidjan"),
    Read("my_contact_add", "/account/contacts/add/", SIGNED_IN),
    Read("my_contact_verify", "/account/contacts/{own_contact.pk}/verify/", SIGNED_IN),
    Read("my_contact_verify", "/account/contacts/{contact.pk}/verify/", NOBODY),
    Read("my_absence_plan", "/account/absences/plan/", SIGNED_IN),
    Read("my_key_make", "/account/keys/make/", SIGNED_IN, "", frozenset({302})),
    Read("api-teams-list", f"{API}teams/", EVERYBODY, "Zulu team"),
    Read("api-teams-detail", f"{API}teams/{{team.pk}}/", EVERYBODY, "Zulu Ana"),
    Read("api-calendars-list", f"{API}calendars/", EVERYBODY, "Zulu hours"),
    Read("api-calendars-detail", f"{API}calendars/{{calendar.pk}}/", EVERYBODY, "Zulu hours"),
    Read("api-calendars-days", f"{API}calendars/{{calendar.pk}}/days/", EVERYBODY, "Zulu holiday"),
    Read("api-absences-list", f"{API}absences/", EVERYBODY, "Zulu Ana"),
    Read("api-absences-detail", f"{API}absences/{{absence.pk}}/", EVERYBODY, "Zulu Ana"),
    Read("api-contact-methods-list", f"{API}contact-methods/", EVERYBODY, "Zulu Ana"),
    Read("api-contact-methods-list", f"{API}contact-methods/", WORKERS, "zulu.contact@example.org"),
    Read("api-contact-methods-list", f"{API}contact-methods/", frozenset({AUDITOR}), "z•••@example.org"),
    Read("api-contact-methods-detail", f"{API}contact-methods/{{contact.pk}}/", EVERYBODY, "Zulu Ana"),
    Read("api-contact-methods-detail", f"{API}contact-methods/{{contact.pk}}/", WORKERS, "zulu.contact@example.org"),
    Read("api-people-list", f"{API}people/", EVERYBODY, "Zulu Ana"),
    Read("api-people-list", f"{API}people/", WORKERS, "zulu.recipient@example.org"),
    Read("api-people-list", f"{API}people/", frozenset({AUDITOR}), "z•••@example.org"),
    Read("api-people-list", f"{API}people/?page_size=200", KEEPERS, "Zulu Gone"),
    Read("api-people-detail", f"{API}people/{{ana.pk}}/", EVERYBODY, "Zulu Ana"),
    Read("api-people-detail", f"{API}people/{{gone.pk}}/", KEEPERS, "Zulu Gone"),
    Read("api-keys-list", f"{API}api-keys/", KEEPERS, "Zulu robot"),
    Read("api-keys-detail", f"{API}api-keys/{{key.pk}}/", KEEPERS, "Zulu robot"),
    # The ledger
    Read("api-ledger-list", f"{API}ledger/", KEEPERS, "person.created"),
    Read(
        "api-ledger-list",
        f"{API}ledger/?subject_type=incidents.incident&subject_id={{plain.pk}}",
        READERS,
        "{plain.reference}",
    ),
    Read("api-ledger-list", f"{API}ledger/?subject_type=people.user&subject_id={{ana.pk}}", KEEPERS, "Zulu Ana"),
    Read("api-ledger-detail", f"{API}ledger/{{entry.pk}}/", KEEPERS, "Zulu Ana"),
    # Catalog
    Read("api-services-list", f"{API}services/", CATALOG, "Zulu service"),
    Read("api-services-detail", f"{API}services/{{service.pk}}/", CATALOG, "Zulu service"),
    Read("api-systems-list", f"{API}systems/", CATALOG, "Zulu system"),
    Read("api-systems-detail", f"{API}systems/{{system.pk}}/", CATALOG, "Zulu system"),
    Read("api-systems-blast-radius", f"{API}systems/{{system.pk}}/blast-radius/", CATALOG, "Zulu service"),
    Read("api-sites-list", f"{API}sites/", CATALOG, "Zulu site"),
    Read("api-sites-detail", f"{API}sites/{{site.pk}}/", CATALOG, "Zulu site"),
    Read("api-dependencies-list", f"{API}dependencies/", CATALOG, "{dependency.pk}"),
    Read("api-dependencies-detail", f"{API}dependencies/{{dependency.pk}}/", CATALOG, "{dependency.pk}"),
    Read("api-services-blast-radius", f"{API}services/{{service.pk}}/blast-radius/", CATALOG, "affected"),
    Read("api-providers-list", f"{API}providers/", CATALOG, "Zulu provider"),
    Read("api-providers-detail", f"{API}providers/{{provider.pk}}/", CATALOG, "Zulu provider"),
    Read("api-providers-blast-radius", f"{API}providers/{{provider.pk}}/blast-radius/", CATALOG, "Zulu service"),
    Read("api-documents-list", f"{API}documents/", CATALOG, "Zulu document"),
    Read("api-documents-file", f"{API}documents/{{document.pk}}/file/", CATALOG, "Zulu paper"),
    Read("api-documents-detail", f"{API}documents/{{document.pk}}/", CATALOG, "Zulu document"),
    # Actions
    Read("api-actions-list", f"{API}actions/", CATALOG, "Zulu action"),
    Read("api-actions-list", f"{API}actions/", KEEPERS, "Zulu secret action"),
    Read("api-actions-detail", f"{API}actions/{{action.reference}}/", CATALOG, "Zulu action"),
    Read("api-actions-detail", f"{API}actions/{{secret_action.reference}}/", KEEPERS, "Zulu secret action"),
    Read("api-improvement-plans-list", f"{API}improvement-plans/", CATALOG, "Zulu improvement"),
    Read("api-improvement-plans-detail", f"{API}improvement-plans/{{improvement.pk}}/", CATALOG, "Zulu phase"),
    Read("api-recovery-measurements-list", f"{API}recovery-measurements/", CATALOG, "RT-ZULU"),
    Read("api-recovery-measurements-detail", f"{API}recovery-measurements/{{measurement.pk}}/", CATALOG, "RT-ZULU"),
    # Messages
    Read("api-messages-list", f"{API}messages/", SIGNED_IN, "Zulu message of mine"),
    Read("api-messages-list", f"{API}messages/", NOBODY, "Zulu message of another"),
    Read("api-messages-detail", f"{API}messages/{{message.pk}}/", SIGNED_IN, "Zulu message of mine"),
    Read("api-messages-detail", f"{API}messages/{{others.pk}}/", NOBODY, "Zulu message of another"),
    Read("api-deliveries-list", f"{API}deliveries/?state=dead", KEEPERS, "{delivery.pk}"),
    Read("api-deliveries-list", f"{API}deliveries/?state=dead", ADMINISTRATORS, "zulu.recipient@example.org"),
    Read("api-deliveries-detail", f"{API}deliveries/{{delivery.pk}}/", KEEPERS, "{delivery.pk}"),
    Read("api-deliveries-detail", f"{API}deliveries/{{delivery.pk}}/", ADMINISTRATORS, "zulu.recipient@example.org"),
    Read("api-reminders-list", f"{API}reminders/", KEEPERS, "{reminder.pk}"),
    Read("api-reminders-detail", f"{API}reminders/{{reminder.pk}}/", KEEPERS, "{reminder.pk}"),
    Read("api-delivery-attempts-list", f"{API}delivery-attempts/", KEEPERS, "Zulu answer of a server"),
    Read("api-delivery-attempts-detail", f"{API}delivery-attempts/{{attempt.pk}}/", KEEPERS, "Zulu answer of a server"),
    Read("api-channels-list", f"{API}channels/", KEEPERS, "Zulu pager"),
    Read("api-channels-list", f"{API}channels/", NOBODY, "zulu-token"),
    Read("api-channels-detail", f"{API}channels/{{channel.pk}}/", KEEPERS, "Zulu pager"),
    Read("api-subscriptions-list", f"{API}subscriptions/", KEEPERS, "{subscription.pk}"),
    Read("api-subscriptions-detail", f"{API}subscriptions/{{subscription.pk}}/", KEEPERS, "{subscription.pk}"),
    Read("api-message-texts-list", f"{API}message-texts/", KEEPERS, "{template.pk}"),
    Read("api-message-texts-detail", f"{API}message-texts/{{template.pk}}/", KEEPERS, "{template.pk}"),
    # Incidents
    Read("api-incidents-list", f"{API}incidents/", EVERYBODY, "Zulu own"),
    Read("api-incidents-list", f"{API}incidents/", READERS, "Zulu plain"),
    Read("api-incidents-list", f"{API}incidents/", KEEPERS, "Zulu restricted"),
    Read("api-incidents-detail", f"{API}incidents/{{own.reference}}/", EVERYBODY, "Zulu own"),
    Read("api-incidents-detail", f"{API}incidents/{{plain.reference}}/", READERS, "Zulu plain"),
    Read("api-incidents-detail", f"{API}incidents/{{restricted.reference}}/", KEEPERS, "Zulu restricted"),
    Read("api-incidents-attachments", f"{API}incidents/{{plain.reference}}/attachments/", READERS, "z.log"),
    Read("api-incidents-attachments", f"{API}incidents/{{restricted.reference}}/attachments/", KEEPERS, "z.log"),
    Read(
        "api-incidents-attachment",
        f"{API}incidents/{{plain.reference}}/attachments/{{paper.pk}}/",
        READERS,
        "Zulu kept log",
    ),
    Read(
        "api-incidents-attachment",
        f"{API}incidents/{{plain.reference}}/attachments/{{secret_paper.pk}}/",
        NOBODY,
        "Zulu secret log",
    ),
    Read("api-incidents-events", f"{API}incidents/{{plain.reference}}/events/", READERS, "reported"),
    Read("api-incidents-events", f"{API}incidents/{{restricted.reference}}/events/", KEEPERS, "reported"),
    Read("api-incidents-clocks", f"{API}incidents/{{plain.reference}}/clocks/", READERS, "acknowledge"),
    Read("api-incidents-clocks", f"{API}incidents/{{restricted.reference}}/clocks/", KEEPERS, "acknowledge"),
    Read("api-time-limits-list", f"{API}time-limits/", READERS, "Zulu service"),
    Read("api-time-limits-detail", f"{API}time-limits/{{limit.pk}}/", READERS, "Zulu service"),
    # Plans
    Read("api-plans-list", f"{API}plans/", EVERYBODY, "ZULU-1"),
    Read("api-plans-list", f"{API}plans/", CATALOG, "ZULU-DRAFT"),
    Read("api-plans-detail", f"{API}plans/{{plan.pk}}/", EVERYBODY, "Zulu words"),
    Read("api-plans-detail", f"{API}plans/{{draft.pk}}/", CATALOG, "ZULU-DRAFT"),
    # Backups
    Read("api-repositories-list", f"{API}repositories/", CATALOG, "/copies"),
    Read("api-repositories-detail", f"{API}repositories/{{repository.pk}}/", CATALOG, "/copies"),
    Read("api-backup-policies-list", f"{API}backup-policies/", CATALOG, "zulu-policy"),
    Read("api-backup-policies-detail", f"{API}backup-policies/{{policy.pk}}/", CATALOG, "zulu-policy"),
    Read("api-copies-list", f"{API}copies/", CATALOG, "zulu-copy"),
    Read("api-copies-detail", f"{API}copies/{{copy.pk}}/", CATALOG, "zulu-copy"),
    Read("api-backup-runs-list", f"{API}backup-runs/", CATALOG, "{backup.reference}"),
    Read("api-backup-runs-detail", f"{API}backup-runs/{{backup.reference}}/", CATALOG, "{backup.reference}"),
    Read("api-checks-list", f"{API}checks/", CATALOG, "{check.reference}"),
    Read("api-checks-detail", f"{API}checks/{{check.reference}}/", CATALOG, "{check.reference}"),
    Read("api-restore-tests-list", f"{API}restore-tests/", CATALOG, "{test.reference}"),
    Read("api-restore-tests-detail", f"{API}restore-tests/{{test.reference}}/", CATALOG, "{test.reference}"),
    Read("api-restore-tests-detail", f"{API}restore-tests/{{test.reference}}/", READERS, "Zulu tail"),
    Read("api-restore-tests-detail", f"{API}restore-tests/{{test.reference}}/", READERS, "--zulu-argument"),
]
