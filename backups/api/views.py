"""Backups over HTTP: whoever sees them reads, who works with them asks for runs, administrators set them up."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backups import selectors, services
from backups.api import inputs, outputs
from backups.choices import RunKind
from backups.models import BackupPolicy, Copy, Repository, Run
from common.api import ReadViewSet, expected_version, operation
from common.errors import NotAllowed

#: Where each kind of run is found.
ADDRESS = {
    RunKind.BACKUP: "api-backup-runs-detail",
    RunKind.CHECK: "api-checks-detail",
    RunKind.RESTORE_TEST: "api-restore-tests-detail",
}


class Repositories(ReadViewSet):
    """/api/v1/repositories/"""

    queryset = Repository.objects.none()
    serializer_class = outputs.RepositoryOut
    about = _("Places where copies lie.")
    lists = _("Places where copies lie.")
    shows = _("One place where copies lie.")
    filterset_fields = ["kind", "site"]
    search_fields = ["name", "location"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[Repository]:
        """What the caller may see."""
        return selectors.visible_to(self.by, Repository)

    @operation(
        _("Name a place for copies."),
        takes=inputs.RepositoryIn,
        gives={201: outputs.RepositoryOut},
        more=_("The first backup makes the folder, and marks it."),
    )
    def create(self, request: Request) -> Response:
        """Name a place for copies. The first backup makes the folder, and marks it."""
        if not selectors.may_set_up(self.by):
            raise NotAllowed
        given = self.checked(inputs.RepositoryIn, request)
        return self.answer(services.create_repository(by=self.by, **given), status=201)

    @operation(
        _("Describe a place for copies anew."), takes=inputs.RepositoryIn(partial=True), gives=outputs.RepositoryOut
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Describe it anew. Needs If-Match."""
        found = self.get_object()
        if not selectors.may_set_up(self.by):
            raise NotAllowed
        version = expected_version(request)
        given = self.checked(inputs.RepositoryIn, request, partial=True)
        return self.answer(services.change_repository(repository_id=found.pk, by=self.by, version=version, **given))


class Policies(ReadViewSet):
    """/api/v1/backup-policies/"""

    queryset = BackupPolicy.objects.none()
    serializer_class = outputs.PolicyOut
    about = _("What is saved, how, where to, and how often it is proven.")
    lists = _("Backup policies.")
    shows = _("One backup policy.")
    filterset_fields = ["slug", "system", "repository", "owner", "is_paused"]
    search_fields = ["name", "slug"]
    ordering_fields = ["created_at", "name"]

    def get_queryset(self) -> QuerySet[BackupPolicy]:
        """What the caller may see."""
        return selectors.visible_to(self.by, BackupPolicy).prefetch_related("schedules", "sources")

    @operation(
        _("Say that a system is saved, how, and where to."),
        takes=inputs.PolicyIn,
        gives={201: outputs.PolicyOut},
        more=_("The password is sealed and never read back."),
    )
    def create(self, request: Request) -> Response:
        """Say that a system is saved, how, and where to."""
        if not selectors.may_set_up(self.by):
            raise NotAllowed
        given = self.checked(inputs.PolicyIn, request)
        return self.answer(services.create_policy(by=self.by, **given), status=201)

    @operation(
        _("Change what a policy saves, how, and where to."),
        takes=inputs.PolicyIn(partial=True),
        gives=outputs.PolicyOut,
        more=_("Schedules, where they are named, replace all that it has."),
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change it. Schedules, where named, replace all it has. Needs If-Match."""
        found = self._set_up()
        version = expected_version(request)
        given = self.checked(inputs.PolicyIn, request, partial=True)
        return self.answer(services.change_policy(policy_id=found.pk, by=self.by, version=version, **given))

    @operation(
        _("Ask for a backup."),
        gives={202: outputs.QueuedOut},
        more=_("While one is queued or running, that one is answered."),
    )
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        """Ask for a backup. While one is open, that one is answered."""
        return self._queue(RunKind.BACKUP)

    @operation(
        _("Ask for a check of the newest copy."),
        takes=inputs.CheckIn,
        gives={202: outputs.QueuedOut},
        more=_("While one is queued or running, that one is answered."),
    )
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Ask for a check of the newest copy."""
        return self._queue(RunKind.CHECK, **self.checked(inputs.CheckIn, request))

    @operation(
        _("Ask for a restore test of the newest copy."),
        gives={202: outputs.QueuedOut},
        more=_("While one is queued or running, that one is answered."),
    )
    @action(detail=True, methods=["post"], url_path="test-restore")
    def test_restore(self, request: Request, pk: str) -> Response:
        """Ask for a restore test of the newest copy."""
        return self._queue(RunKind.RESTORE_TEST)

    @operation(_("Let nothing of a policy fall due."), gives=outputs.PolicyOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Let nothing fall due. Calling twice is safe."""
        return self.answer(services.pause_policy(policy_id=self._set_up().pk, by=self.by))

    @operation(_("Let a policy fall due again."), gives=outputs.PolicyOut, more=_("Safe to call twice."))
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Let it fall due again. Calling twice is safe."""
        return self.answer(services.resume_policy(policy_id=self._set_up().pk, by=self.by))

    def _set_up(self) -> BackupPolicy:
        policy: BackupPolicy = self.get_object()
        if not selectors.may_set_up(self.by, policy):
            raise NotAllowed
        return policy

    def _queue(self, kind: RunKind, level: int | None = None) -> Response:
        policy = self.get_object()
        if not selectors.may_run(self.by):
            raise NotAllowed
        run = services.request_run(policy_id=policy.pk, kind=kind, by=self.by, level=level)
        url = reverse(ADDRESS[RunKind(run.kind)], args=[run.pk])
        queued = {
            "id": run.pk,
            "reference": run.reference,
            "state": run.state,
            "url": url,
            "page": run.get_absolute_url(),
        }
        return Response(outputs.QueuedOut(queued).data, status=202, headers={"Location": url})


class Copies(ReadViewSet):
    """/api/v1/copies/ One alone comes with its list of contents."""

    queryset = Copy.objects.none()
    serializer_class = outputs.CopyOut
    about = _("What backups left behind.")
    lists = _("Copies.")
    shows = _("One copy, with its list of contents.")
    filterset_fields = ["policy", "repository", "state"]
    search_fields = ["name"]
    ordering_fields = ["created_at", "taken_at"]

    def get_queryset(self) -> QuerySet[Copy]:
        """What the caller may see."""
        copies = selectors.visible_to(self.by, Copy)
        return copies if self.action == "retrieve" else copies.defer("manifest")

    def get_serializer_class(self) -> type[Any]:
        """The list of contents only where one copy is asked for."""
        return outputs.CopyWithManifest if self.action == "retrieve" else outputs.CopyOut


class Runs(ReadViewSet):
    """Runs of one kind: by id, or by the reference that people say. One alone comes with its steps."""

    kind: ClassVar[RunKind]
    queryset = Run.objects.none()
    serializer_class = outputs.RunOut
    row_by = _("Its id, or the reference that people say.")
    filterset_fields = ["policy", "copy", "state", "outcome"]
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[Run]:
        """What the caller may see."""
        runs = selectors.visible_to(self.by, Run).filter(kind=self.kind)
        return runs.select_related("policy__repository")

    def get_object(self) -> Run:
        """By id or reference."""
        number = selectors.number_of(self.kwargs["pk"], self.kind)
        if number is not None:
            known = self.get_queryset().filter(number=number).values_list("pk", flat=True).first()
            self.kwargs["pk"] = str(known or "")
        run: Run = super().get_object()
        return run

    def get_serializer_class(self) -> type[Any]:
        """Steps only where one run is asked for."""
        return outputs.RunWithSteps if self.action == "retrieve" else outputs.RunOut


class BackupRuns(Runs):
    """/api/v1/backup-runs/"""

    kind = RunKind.BACKUP
    about = _("Backups that were made, are being made or failed.")
    lists = _("Backups.")
    shows = _("One backup, with its steps.")


class Checks(Runs):
    """/api/v1/checks/"""

    kind = RunKind.CHECK
    about = _("Checks of copies, level 0 to 3.")
    lists = _("Checks.")
    shows = _("One check, with its steps.")


class RestoreTests(Runs):
    """/api/v1/restore-tests/"""

    kind = RunKind.RESTORE_TEST
    about = _("Restore tests, level 4 to 6: what proves that a copy can be used, and in what time.")
    lists = _("Restore tests.")
    shows = _("One restore test, with its steps and the questions asked of the restored data.")
