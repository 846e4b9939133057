"""Valid rows around incidents with the fewest facts."""

from datetime import timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from backups.choices import Outcome, RunKind, RunState
from backups.models import BackupPolicy, Copy, Repository, Run
from backups.signals import RUN_ENDED
from common.facts import announce
from incidents import services
from incidents.models import Incident
from people.choices import Role
from people.models import User
from tests.catalog.factories import SystemFactory


class PersonFactory(DjangoModelFactory):
    """Somebody who may sign in. Give `roles`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    name = factory.Sequence("Person {}".format)
    email = factory.Sequence("person{}@example.org".format)
    language = "en"

    @factory.post_generation
    def roles(self, _create: bool, extracted: Any, **_more: Any) -> None:
        for role in extracted or [Role.REPORTER]:
            self.groups.add(Group.objects.get_or_create(name=role)[0])


def person(*roles: Role, **more: Any) -> User:
    return PersonFactory(roles=roles, **more)


def responder(**more: Any) -> User:
    return person(Role.RESPONDER, **more)


def reported(by: User | None = None, **more: Any) -> Incident:
    """An incident as a person reports it: in triage, severity 3."""
    return services.report(by=by or person(Role.REPORTER), **{"description": "The invoices are gone.", **more})


class RepositoryFactory(DjangoModelFactory):
    class Meta:
        model = Repository

    name = factory.Sequence("Repository {}".format)
    location = factory.Sequence("/srv/copies/{}".format)


class PolicyFactory(DjangoModelFactory):
    class Meta:
        model = BackupPolicy

    name = factory.Sequence("Policy {}".format)
    slug = factory.Sequence("policy-{}".format)
    system = factory.SubFactory(SystemFactory)
    repository = factory.SubFactory(RepositoryFactory)


class CopyFactory(DjangoModelFactory):
    class Meta:
        model = Copy

    policy = factory.SubFactory(PolicyFactory)
    repository = factory.SelfAttribute("policy.repository")
    name = factory.Sequence("copy-{}".format)
    taken_at = factory.LazyFunction(timezone.now)
    bytes = 1000


def ended(policy: BackupPolicy, kind: RunKind, outcome: Outcome, **more: Any) -> Run:
    """A run that ended and was announced, as backups does it."""
    now = timezone.now()
    with transaction.atomic():
        run = Run.objects.create(
            policy=policy,
            kind=kind,
            state=RunState.ENDED,
            outcome=outcome,
            started_at=more.pop("started_at", now - timedelta(minutes=1)),
            ended_at=now,
            **more,
        )
        announce(RUN_ENDED, run_id=str(run.pk))
    run.refresh_from_db()
    return run
