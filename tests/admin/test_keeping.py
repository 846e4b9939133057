"""What is saved in the admin goes through the services, and into the ledger without its secrets."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from backups.choices import RunKind
from backups.models import BackupPolicy, Run, Schedule
from catalog.models import Dependency, Service, Site, System
from common.secrets import unseal
from incidents.services import report
from ledger.models import Entry, SealedEntry
from people.models import ApiKey, User
from runbooks.models import PlanVersion
from tests.catalog.factories import ServiceFactory, SystemFactory

pytestmark = pytest.mark.django_db

SERVICE = {
    "name": "Payroll",
    "description": "Wages",
    "criticality": "critical",
    "recovery_time_objective": "2 h 30 min",
    "review_every_days": "365",
    "impacts-TOTAL_FORMS": "0",
    "impacts-INITIAL_FORMS": "0",
}
#: What stands below a key, and cannot be changed.
NO_USES = {"uses-TOTAL_FORMS": "0", "uses-INITIAL_FORMS": "0"}


def add(desk, model, **values):
    return desk.post(reverse(f"admin:{model}_add"), values)


def change(desk, row, **values):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return desk.post(reverse(name, args=[row.pk]), values)


def act(desk, row, action):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist"
    return desk.post(reverse(name), {"action": action, "_selected_action": [str(row.pk)]}, follow=True)


def last(verb):
    return Entry.objects.filter(verb=verb).first()


def test_a_service_is_added_with_durations_as_people_write_them(desk, administrator):
    assert add(desk, "catalog_service", **SERVICE).status_code == 302
    service = Service.objects.get(name="Payroll")
    assert service.recovery_time_objective == timedelta(hours=2, minutes=30)
    entry = last("service.added")
    assert (entry.actor_id, entry.subject_id) == (str(administrator.pk), str(service.pk))
    assert "Wages" not in json.dumps(entry.data)


def test_a_change_is_recorded_with_before_and_after_and_raises_the_version(desk):
    service = ServiceFactory(name="Payroll")
    page = desk.get(reverse("admin:catalog_service_change", args=[service.pk])).content.decode()
    assert 'value="4 h"' in page
    assert change(desk, service, **SERVICE, seen_version=1).status_code == 302
    service.refresh_from_db()
    assert service.version == 2
    data = last("service.changed").data
    assert data["before"]["criticality"] == "normal"
    assert data["after"]["criticality"] == "critical"


def test_what_somebody_else_changed_meanwhile_is_not_written_over(desk):
    service = ServiceFactory(name="Payroll")
    Service.objects.update(version=2, criticality="important")
    response = change(desk, service, **SERVICE, seen_version=1)
    assert response.status_code == 200
    page = response.content.decode()
    assert "changed by somebody else" in page
    assert "2 h 30 min" in page, "what was typed is kept"
    service.refresh_from_db()
    assert service.criticality == "important"
    assert not Entry.objects.filter(verb="service.changed").exists()


@pytest.mark.parametrize("typed", ["", "soon", "-2 h", "2", "99999999999 d", "2 h x", "0 s", "1 h\x00", "P1Y", ":"])
def test_a_duration_that_is_none_is_said_beside_its_input(desk, typed):
    service = ServiceFactory(name="Payroll")
    response = change(
        desk, service, **{**SERVICE, "maximum_tolerable_downtime": "1 h", "recovery_time_objective": typed}
    )
    service.refresh_from_db()
    if typed == "":
        assert response.status_code == 302
    else:
        assert response.status_code in (200, 400)
        assert service.version == 1


def test_a_refusal_of_the_service_comes_back_beside_the_input(desk):
    a, b = SystemFactory(), SystemFactory()
    assert add(desk, "catalog_dependency", system=a.pk, on_system=b.pk, kind="required").status_code == 302
    response = add(desk, "catalog_dependency", system=b.pk, on_system=a.pk, kind="required")
    assert response.status_code == 200
    assert "directly or not" in response.content.decode()
    assert Dependency.objects.count() == 1


def test_a_dependency_is_removed_by_an_action(desk, rows):
    dependency = Dependency.objects.get()
    act(desk, dependency, "remove_dependency")
    assert not Dependency.objects.exists()
    assert last("dependency.removed").subject_id == str(dependency.pk)


@pytest.mark.parametrize("name", ["", "x" * 121, "a\x00b", "a\x1b[31mb", " "])
def test_hostile_text_is_refused_and_changes_nothing(desk, name):
    site = Site.objects.create(name="Berlin")
    assert change(desk, site, name=name, address="").status_code in (200, 400)
    site.refresh_from_db()
    assert site.name == "Berlin"


POLICY = {
    "name": "Ledger book",
    "slug": "ledger-book",
    "sources-TOTAL_FORMS": "1",
    "sources-INITIAL_FORMS": "0",
    "sources-0-engine": "postgresql",
    "sources-0-host": "db.example.org",
    "sources-0-port": "5432",
    "sources-0-database": "book",
    "sources-0-user": "backup",
    "assertions": "[]",
    "fresh_for": "26 h",
    "smallest_bytes": "1",
    "keep_copies": "14",
    "wall_clock": "2 h",
    "schedules-TOTAL_FORMS": "1",
    "schedules-INITIAL_FORMS": "0",
    "schedules-0-kind": RunKind.BACKUP.value,
    "schedules-0-rule": "0 3 * * *",
    "schedules-0-time_zone": "Europe/Berlin",
}
SECRET = "tr0ub4dor&3"


@pytest.fixture
def connections(rows):
    policy = BackupPolicy.objects.get()
    return {"system": policy.system_id, "repository": policy.repository_id}


def test_a_policy_is_added_with_its_schedule_and_a_password_that_nobody_reads_again(desk, connections):
    response = add(desk, "backups_backuppolicy", **POLICY, **connections, **{"sources-0-password": SECRET})
    assert response.status_code == 302, response.context and response.context["errors"]
    policy = BackupPolicy.objects.get(slug="ledger-book")
    assert unseal(policy.sources.get().secret) == SECRET
    assert policy.schedules.get().next_due_at is not None
    page = desk.get(reverse("admin:backups_backuppolicy_change", args=[policy.pk])).content.decode()
    assert SECRET not in page
    assert policy.sources.get().secret not in page
    assert "db.example.org" in page
    assert not [entry for entry in Entry.objects.all() if SECRET in json.dumps(entry.data)]


def test_an_empty_password_keeps_the_one_that_is_kept(desk, connections):
    add(desk, "backups_backuppolicy", **POLICY, **connections, **{"sources-0-password": SECRET})
    policy = BackupPolicy.objects.get(slug="ledger-book")
    schedule = policy.schedules.get()
    changed = {
        **POLICY,
        **connections,
        "keep_copies": "15",
        "sources-INITIAL_FORMS": "1",
        "sources-0-id": str(policy.sources.get().pk),
        "sources-0-policy": str(policy.pk),
        "sources-0-name": "database",
        "schedules-INITIAL_FORMS": "1",
        "schedules-0-id": str(schedule.pk),
        "schedules-0-policy": str(policy.pk),
        "schedules-0-rule": "0 4 * * *",
    }
    response = change(desk, policy, **changed)
    assert response.status_code == 302, response.context and response.context["errors"]
    policy.refresh_from_db()
    assert policy.keep_copies == 15
    assert unseal(policy.sources.get().secret) == SECRET
    assert Schedule.objects.get(policy=policy).rule == "0 4 * * *"
    assert last("backup_schedule.set").data["after"] != last("backup_schedule.set").data["before"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("host", ""), ("host", "a\u0000"), ("host", "169.254.169.254"), ("port", "70000"), ("port", "9" * 5000),
     ("database", ""), ("engine", "folder"), ("engine", "mysql"), ("name", "../etc"), ("encryption", "maybe")],
)  # fmt: skip
def test_a_source_that_is_none_is_refused_and_stays_typed(desk, connections, field, value):
    response = add(desk, "backups_backuppolicy", **{**POLICY, f"sources-0-{field}": value}, **connections)
    assert response.status_code == 200
    assert not BackupPolicy.objects.filter(slug="ledger-book").exists()
    assert 'value="backup"' in response.content.decode()


def test_a_folder_is_a_source_by_its_path_beside_the_database(desk, connections):
    folder = {"engine": "folder", "path": "/srv/book/files", "exclude": "*.log\ncache/*\n"}
    more = {"sources-TOTAL_FORMS": "2", **{f"sources-1-{name}": value for name, value in folder.items()}}
    response = add(desk, "backups_backuppolicy", **{**POLICY, **more}, **connections)
    assert response.status_code == 302, response.context and response.context["errors"]
    sources = BackupPolicy.objects.get(slug="ledger-book").sources.order_by("position")
    assert [(source.name, source.engine) for source in sources] == [("database", "postgresql"), ("files", "folder")]
    assert sources[1].settings == {"path": "/srv/book/files", "exclude": ["*.log", "cache/*"]}


def test_a_source_is_taken_away(desk, connections):
    folder = {"sources-TOTAL_FORMS": "2", "sources-1-engine": "folder", "sources-1-path": "/srv/book/files"}
    add(desk, "backups_backuppolicy", **{**POLICY, **folder}, **connections)
    policy = BackupPolicy.objects.get(slug="ledger-book")
    kept = {"sources-INITIAL_FORMS": "2", "schedules-TOTAL_FORMS": "0"}
    for number, source in enumerate(policy.sources.order_by("position")):
        ids = {"id": source.pk, "policy": policy.pk, "name": source.name, "engine": source.engine}
        kept |= {f"sources-{number}-{name}": str(value) for name, value in ids.items()}
    kept["sources-1-DELETE"] = "on"
    response = change(desk, policy, **{**POLICY, **folder, **kept}, **connections)
    assert response.status_code == 302, response.context and response.context["errors"]
    assert list(policy.sources.values_list("name", flat=True)) == ["database"]
    assert [source["name"] for source in last("backup_policy.changed").data["after"]["sources"]] == ["database"]


@pytest.mark.parametrize(("rule", "zone"), [("often", "UTC"), ("* * * * *", "Mars"), ("FREQ=SECONDLY", "UTC")])
def test_a_schedule_that_is_none_is_refused_with_all_of_it(desk, connections, rule, zone):
    values = {**POLICY, "schedules-0-rule": rule, "schedules-0-time_zone": zone}
    response = add(desk, "backups_backuppolicy", **values, **connections)
    assert response.status_code == 200
    assert "is not a" in response.content.decode()
    assert not BackupPolicy.objects.filter(slug="ledger-book").exists()


@pytest.mark.parametrize(
    ("action", "kind"), [("back_up", "backup"), ("check", "check"), ("test_restore", "restore_test")]
)
def test_a_run_is_asked_for_by_an_action(desk, administrator, rows, action, kind):
    policy = BackupPolicy.objects.get()
    for _ in range(2):
        assert act(desk, policy, action).status_code == 200
    run = Run.objects.get(policy=policy, kind=kind, state="queued")
    assert run.requested_by == administrator
    assert Entry.objects.filter(verb=f"{kind}.requested").count() == 1


def test_a_policy_is_paused_and_goes_on(desk, rows):
    policy = BackupPolicy.objects.get()
    act(desk, policy, "pause_policy")
    policy.refresh_from_db()
    assert policy.is_paused
    act(desk, policy, "resume_policy")
    policy.refresh_from_db()
    assert not policy.is_paused


def test_an_incident_is_described_and_moved_by_its_services(desk, administrator):
    incident = report(by=administrator, title="Nothing works")
    act(desk, incident, "resolve")
    incident.refresh_from_db()
    assert incident.state == "triage", "an incident in triage cannot be resolved by a person"
    act(desk, incident, "acknowledge")
    incident.refresh_from_db()
    assert (incident.state, incident.owner) == ("active", administrator)
    inlines = ("roles", "tasks", "rating", "attachments", "evidence_marks", "events")
    response = change(
        desk, incident, title="Something works", public_title="", description="x", seen_version=incident.version,
        place="", error_code="", steps_tried="", state="closed", severity="1",
        **{f"{inline}-{which}_FORMS": "0" for inline in inlines for which in ("TOTAL", "INITIAL")},
    )  # fmt: skip
    assert response.status_code == 302, response.context and response.context["errors"]
    incident.refresh_from_db()
    assert (incident.title, incident.state) == ("Something works", "active"), "states move by actions only"
    assert last("incident.changed").subject_id == str(incident.pk)


def test_a_draft_is_written_and_published(desk, rows):
    version = PlanVersion.objects.get()
    text = version.texts.get()
    values = {
        "texts-TOTAL_FORMS": "1",
        "texts-INITIAL_FORMS": "1",
        "texts-0-id": str(text.pk),
        "texts-0-version": str(version.pk),
        "texts-0-language": "en",
        "texts-0-title": "Restore the ledger",
        "texts-0-text": "Second …",
    }
    response = change(desk, version, **values)
    assert response.status_code == 302, response.context and response.context["errors"]
    assert last("plan_version.written").subject_id == str(version.pk)
    act(desk, version, "publish")
    version.refresh_from_db()
    assert version.state == "published"
    change(desk, version, **{**values, "texts-0-title": "Too late"})
    assert version.texts.get().title == "Restore the ledger"


def test_a_person_is_let_in_given_roles_and_locked_out(desk, administrator):
    response = add(
        desk, "people_user", username="bob", name="Bob", email="b@example.org", roles=["Manager"], password=SECRET * 2
    )
    assert response.status_code == 302, response.context and response.context["errors"]
    bob = User.objects.get(username="bob")
    assert bob.check_password(SECRET * 2)
    response = change(
        desk, bob, username="bob", name="Bob B.", email="b@example.org", roles=["Responder", "Manager"], seen_version=1
    )
    assert response.status_code == 302, response.context and response.context["errors"]
    bob.refresh_from_db()
    assert bob.name == "Bob B."
    assert set(bob.groups.values_list("name", flat=True)) == {"Responder", "Manager"}
    assert bob.check_password(SECRET * 2)
    act(desk, bob, "deactivate")
    bob.refresh_from_db()
    assert not bob.is_active
    assert not [entry for entry in Entry.objects.all() if SECRET in json.dumps(entry.data)]


def test_the_last_administrator_stays(desk, administrator):
    response = act(desk, administrator, "deactivate")
    assert "Ada Admin" in response.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_weak_password_is_said_beside_its_input(desk):
    response = add(desk, "people_user", username="bob", name="Bob", roles=["Manager"], password="short")
    assert response.status_code == 200
    assert "too short" in response.content.decode()
    assert not User.objects.filter(username="bob").exists()


def test_a_key_is_shown_once_and_revoked(desk):
    response = desk.post(
        reverse("admin:people_apikey_add"),
        {"name": "Robot", "role": "Reporter", "scopes": "catalog:read"} | NO_USES,
        follow=True,
    )
    key = ApiKey.objects.get(name="Robot")
    assert f"hf_{key.prefix}_" in response.content.decode()
    assert key.scopes == ["catalog:read"]
    assert f"hf_{key.prefix}_" not in desk.get(reverse("admin:people_apikey_changelist")).content.decode()
    act(desk, key, "revoke_api_key")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_scope_that_is_none_is_said(desk):
    response = add(desk, "people_apikey", name="Robot", role="Reporter", scopes="everything")
    assert response.status_code == 200
    assert not ApiKey.objects.exists()


def test_the_ledger_is_sealed_by_an_action(desk, administrator):
    entry = Entry.objects.first()
    response = act(desk, entry, "seal_now")
    assert "sealed" in response.content.decode()
    assert SealedEntry.objects.filter(entry=entry).exists()


def test_the_history_of_a_row_is_its_ledger(desk):
    service = ServiceFactory(name="Payroll")
    change(desk, service, **SERVICE, seen_version=1)
    response = desk.get(reverse("admin:catalog_service_history", args=[service.pk]), follow=True)
    assert "service.changed" in response.content.decode()


def test_a_service_that_others_need_stays_in_use(desk, rows):
    system = System.objects.filter(needed_by__isnull=False).first()
    response = act(desk, system, "retire")
    assert "still needed" in response.content.decode()
    system.refresh_from_db()
    assert system.is_active
