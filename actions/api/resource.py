"""/api/v1/actions/"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from actions import selectors, services
from actions.api import bodies
from actions.api.shapes import ActionOut
from actions.models import Action
from actions.references import number_of
from common.api import Input, ReadViewSet, expected_version, operation, seen_version
from common.errors import NotAllowed


class Actions(ReadViewSet):
    """/api/v1/actions/: rows by id or by reference; each move is a POST of its own."""

    queryset = Action.objects.none()
    serializer_class = ActionOut
    about = _("What somebody has to do by a day. It counts once it is proven.")
    lists = _("Actions, newest first.")
    shows = _("One action.")
    filterset_fields = ["kind", "state", "owner", "phase", "source_kind", "source_reference"]
    search_fields = ["title", "description"]
    ordering_fields = ["created_at", "due_on"]

    def get_queryset(self) -> QuerySet[Action]:
        """What the caller may see."""
        return selectors.visible_to(self.by)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """One page; where its actions came from is asked once for all."""
        page = super().paginate_queryset(queryset)
        return None if page is None else selectors.hide_sources(page, self.by)

    def get_object(self) -> Action:
        """By id, or by the reference that people say."""
        if (number := number_of(self.kwargs["pk"])) is not None:
            known = self.get_queryset().filter(number=number).values_list("pk", flat=True).first()
            self.kwargs["pk"] = str(known or "")
        return super().get_object()

    @operation(_("Decide that somebody does something by a day."), takes=bodies.ActionIn, gives={201: ActionOut})
    def create(self, request: Request) -> Response:
        if not selectors.may_open(self.by):
            raise NotAllowed
        return self.answer(services.open_action(by=self.by, **self.checked(bodies.ActionIn, request)), status=201)

    @operation(_("Say more clearly what has to be done."), takes=bodies.WordsIn(partial=True), gives=ActionOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        acted_on, version = self._acted_on(), expected_version(request)
        words = self.checked(bodies.WordsIn, request, partial=True)
        return self.answer(services.describe(action_id=acted_on.pk, by=self.by, version=version, **words))

    @operation(_("Begin with it."), gives=ActionOut)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.start, request)

    @operation(_("Say that it is done. Its proof is still missing then."), takes=bodies.DoneIn, gives=ActionOut)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.finish, request, bodies.DoneIn)

    @operation(_("Verify what no machine can prove, as a second person."), takes=bodies.EvidenceIn, gives=ActionOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.confirm, request, bodies.EvidenceIn)

    @operation(_("Sign, as a manager, that it is not done before a day."), takes=bodies.AcceptIn, gives=ActionOut)
    @action(detail=True, methods=["post"], url_path="accept-risk")
    def accept_risk(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.accept_risk, request, bodies.AcceptIn)

    @operation(_("Say, as a manager, that it need not be done."), takes=bodies.WhyIn, gives=ActionOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        if not selectors.may_sign(self.by):
            self.get_object()
            raise NotAllowed
        return self._carry_out(services.cancel, request, bodies.WhyIn)

    @operation(_("Open it again."), takes=bodies.WhyIn, gives=ActionOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.reopen, request, bodies.WhyIn)

    @operation(_("Hand it over to somebody else."), takes=bodies.ReassignIn, gives=ActionOut)
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.reassign, request, bodies.ReassignIn)

    @operation(_("Set another day, and say why."), takes=bodies.PostponeIn, gives=ActionOut)
    @action(detail=True, methods=["post"])
    def postpone(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.postpone, request, bodies.PostponeIn)

    @operation(_("Put it into a phase of an improvement plan, or take it out."), takes=bodies.PutIn, gives=ActionOut)
    @action(detail=True, methods=["post"], url_path="put-into")
    def put_into(self, request: Request, pk: str) -> Response:
        return self._carry_out(services.put_into, request, bodies.PutIn)

    def _acted_on(self) -> Action:
        """The action. Raises NotAllowed for those who see it and may not work on it."""
        found = self.get_object()
        if not selectors.actionable_by(self.by).filter(pk=found.pk).exists():
            raise NotAllowed
        return found

    def _carry_out(self, service: Any, request: Request, body: type[Input] | None = None) -> Response:
        """One move. With If-Match only on the version that was seen."""
        acted_on = self._acted_on()
        version = seen_version(request)
        given = self.checked(body, request) if body else {}
        return self.answer(service(action_id=acted_on.pk, by=self.by, version=version, **given))
