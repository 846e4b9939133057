"""Emergency plans: drafted, published once, never edited after that."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Basis
from ledger.models import Entry
from people.choices import Role
from runbooks import selectors, services
from runbooks.choices import VersionState
from runbooks.digests import digest
from runbooks.errors import CannotMove, IsFixed, NothingWritten, Unfit
from runbooks.models import Plan, PlanText
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.incidents.factories import person

pytestmark = pytest.mark.django_db

BY = "system:tests"
COPY_A_TEXT = """INSERT INTO runbooks_plantext
    SELECT gen_random_uuid(), now(), 'de', title, text, version_id FROM runbooks_plantext"""


def drafted(reference="DB-1", text="Stay calm.", **more):
    plan = Plan.objects.filter(reference=reference).first() or services.create_plan(reference=reference, by=BY, **more)
    draft = services.draft_version(plan_id=plan.pk, by=BY)
    services.write_text(version_id=draft.pk, language="en", title="Database down", text=text, by=BY)
    return draft


def in_force(**more):
    return services.publish(version_id=drafted(**more).pk, by=person(Role.ADMINISTRATOR))


def test_a_published_version_is_hashed_and_written_down():
    version = in_force()
    assert version.state == VersionState.PUBLISHED
    assert version.sha256 == digest("DB-1", 1, version.texts.all())
    assert Entry.objects.get(verb="plan_version.published").data["sha256"] == version.sha256


def test_the_digest_tells_every_change_of_a_text():
    version = in_force()
    text = version.texts.get()
    for field, changed in (("text", "Panic."), ("title", "Other"), ("language", "zh-hans")):
        other = PlanText(language=text.language, title=text.title, text=text.text)
        setattr(other, field, changed)
        assert digest("DB-1", 1, [other]) != version.sha256
    assert digest("DB-1", 2, [text]) != version.sha256


def test_a_new_version_begins_with_the_texts_in_force_and_supersedes_the_old_one():
    first = in_force()
    second = services.draft_version(plan_id=first.plan_id, by=BY)
    assert second.number == 2
    assert second.texts.get().text == "Stay calm."
    assert services.draft_version(plan_id=first.plan_id, by=BY) == second
    services.publish(version_id=second.pk, by=BY)
    first.refresh_from_db()
    assert first.state == VersionState.SUPERSEDED


def test_publishing_twice_is_refused():
    version = in_force()
    with pytest.raises(CannotMove):
        services.publish(version_id=version.pk, by=BY)


def test_an_empty_version_is_not_published():
    plan = services.create_plan(reference="DB-2", by=BY)
    with pytest.raises(NothingWritten):
        services.publish(version_id=services.draft_version(plan_id=plan.pk, by=BY).pk, by=BY)


def test_a_published_text_is_not_written_again():
    with pytest.raises(IsFixed, match="DB-1 v1"):
        services.write_text(version_id=in_force().pk, language="en", title="x", text="y", by=BY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE runbooks_plantext SET text = 'Panic.'",
        "DELETE FROM runbooks_plantext",
        COPY_A_TEXT,
        "UPDATE runbooks_planversion SET state = 'draft'",
        "UPDATE runbooks_planversion SET number = 9",
        "UPDATE runbooks_planversion SET sha256 = repeat('0', 64)",
        "DELETE FROM runbooks_planversion",
    ],
)
def test_the_database_itself_keeps_what_was_published(statement):
    in_force()
    with pytest.raises(IntegrityError, match=r"stays as it is|do not change"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_text_is_not_moved_into_or_out_of_a_published_version():
    version, draft = in_force(), drafted(reference="DB-9")
    for text, target in ((version.texts.get(), draft), (draft.texts.get(), version)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanText.objects.filter(pk=text.pk).update(version=target, language="zh-hans")


def test_a_draft_is_written_again_and_given_up():
    draft = drafted()
    services.write_text(version_id=draft.pk, language="en", title="Other", text="Run.", by=BY)
    assert draft.texts.get().title == "Other"
    services.withdraw(version_id=draft.pk, by=BY, reason="not needed")
    draft.refresh_from_db()
    assert draft.state == VersionState.WITHDRAWN


def test_who_published_may_leave_and_the_version_stays():
    version = in_force()
    version.published_by.delete()
    version.refresh_from_db()
    assert version.published_by is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "tlh"},
        {"title": ""},
        {"title": "x" * 161},
        {"title": "a\0b"},
        {"text": "a\0b"},
        {"text": "x" * 100_001},
    ],
)
def test_words_that_cannot_be_kept_are_refused(wrong):
    draft = drafted()
    with pytest.raises(Unfit):
        services.write_text(**{"version_id": draft.pk, "language": "en", "title": "x", "text": "y", "by": BY, **wrong})


@pytest.mark.parametrize("reference", ["", "db-1", "A B", "-A", "X" * 21, "A\n", "../A", "A\0"])
def test_a_reference_is_short_and_plain(reference):
    with pytest.raises(Unfit):
        services.create_plan(reference=reference, by=BY)


def test_a_reference_is_one_plans():
    services.create_plan(reference="DB-1", by=BY)
    with pytest.raises(Unfit):
        services.create_plan(reference="DB-1", by=BY)


def test_the_published_plan_is_what_recovery_stands_on():
    system, service = SystemFactory(), ServiceFactory()
    version = in_force(systems=[system], services=[service])
    first = Basis.objects.get(system=system, part="plan")
    assert Basis.objects.get(service=service, part="plan").fingerprint == first.fingerprint
    assert first.label == "DB-1 v1"

    services.publish(version_id=drafted(text="Stay calmer.").pk, by=BY)
    assert Basis.objects.get(system=system, part="plan").fingerprint != first.fingerprint

    version = version.plan.versions.get(state=VersionState.PUBLISHED)
    services.withdraw(version_id=version.pk, by=BY, reason="wrong")
    assert not Basis.objects.filter(part="plan").exists()


def test_a_plan_that_is_not_for_a_system_any_more_leaves_its_basis():
    old, new = SystemFactory(), SystemFactory()
    version = in_force(systems=[old])
    services.change_plan(plan_id=version.plan_id, systems=[new], by=BY)
    assert [basis.system for basis in Basis.objects.filter(part="plan")] == [new]


def test_the_plans_of_a_system_are_found_in_the_readers_language():
    system = SystemFactory()
    draft = drafted(systems=[system])
    services.write_text(version_id=draft.pk, language="zh-hans", title="数据库故障", text="保持冷静。", by=BY)
    services.publish(version_id=draft.pk, by=BY)
    (shown,) = selectors.plans_for([], [system])
    assert shown.title == "Database down"
    assert selectors.best_text(shown.version, "zh-hans").title == "数据库故障"
    assert selectors.plans_for([], [SystemFactory()]) == []


def test_a_plan_may_lose_its_owner_and_keeps_what_is_not_named():
    plan = services.create_plan(reference="DB-1", owner=person(Role.MANAGER), systems=[SystemFactory()], by=BY)
    assert services.change_plan(plan_id=plan.pk, scenario="database", by=BY).owner is not None
    changed = services.change_plan(plan_id=plan.pk, owner=None, by=BY)
    assert (changed.owner, changed.scenario, changed.systems.count()) == (None, "database", 1)
