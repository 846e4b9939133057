"""The page of messages. Forms post here; nothing is changed by following a link."""

import uuid
from typing import Any

from django.contrib import messages as said
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView

from notify import services
from notify.errors import NotGivenUp
from notify.models import Delivery, Message
from notify.selectors import address_of, deliveries_visible_to, may_retry, messages_of, undelivered, unread_count
from people.models import User

#: More are a case for the API; here they show that something is wrong.
UNDELIVERED_SHOWN = 20


class MessagesPage(LoginRequiredMixin, ListView):
    """/messages/: what I was told, and for administrators and auditors what did not arrive."""

    template_name = "notify/messages.html"
    context_object_name = "told"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """My own messages."""
        return messages_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`told` (messages), `page_obj`, `unread`, `undelivered` (delivery, address), `may_retry`."""
        user = self.request.user
        return super().get_context_data(
            nav="messages",
            unread=unread_count(user),
            undelivered=[
                {"delivery": delivery, "address": address_of(delivery, to=user)}
                for delivery in undelivered(user)[:UNDELIVERED_SHOWN]
            ],
            may_retry=may_retry(user),
            **kwargs,
        )


class Posted(LoginRequiredMixin, View):
    """Something a person does on the page of messages."""

    http_method_names = ["post"]

    @property
    def by(self) -> User:
        """Who does it."""
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user


class OpenMessage(Posted):
    """POST /messages/<id>/open/: read, and on to what it is about."""

    def post(self, request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
        """To the thing, or back to the list where there is none."""
        try:
            message = services.mark_read(message_id=message_id, by=self.by)
        except Message.DoesNotExist:
            raise Http404 from None
        return HttpResponseRedirect(message.url) if message.url else redirect("messages")


class ReadAll(Posted):
    """POST /messages/read/: all of mine are read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to the list."""
        services.mark_all_read(by=self.by)
        return redirect("messages")


class RetryDelivery(Posted):
    """POST /messages/deliveries/<id>/retry/: try again what was given up."""

    def post(self, request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
        """Back to the list, with what came of it."""
        if not may_retry(self.by) or not deliveries_visible_to(self.by).filter(pk=delivery_id).exists():
            raise Http404
        try:
            services.retry(delivery_id=delivery_id, by=self.by)
        except Delivery.DoesNotExist:
            raise Http404 from None
        except NotGivenUp as refusal:
            said.warning(request, refusal.message)
        else:
            said.success(request, _("It is being sent again."))
        return redirect("messages")
