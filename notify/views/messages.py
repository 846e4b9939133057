"""The page of one's own messages. Forms post here; nothing is changed by following a link."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.generic import TemplateView

from common.keyset import Place, page_of
from notify import services
from notify.asking import LONGEST, AskedMessages
from notify.events import all_events
from notify.models import Message
from notify.selectors import (
    address_of,
    led,
    may_retry,
    may_see_channels,
    messages_asked_for,
    undelivered,
    unread_count,
)
from notify.views.common import Posted, SignedIn

PER_PAGE = 50
#: More are on the page of deliveries; here they show that something is wrong.
UNDELIVERED_SHOWN = 20


class MessagesPage(SignedIn, TemplateView):
    """/messages/: what I was told, and for administrators and auditors what did not arrive."""

    template_name = "notify/messages.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`page` (messages), `asked`, `unread`, `kinds`, `undelivered` (delivery, address), `may_retry`."""
        asked = AskedMessages.read(self.request.GET)
        page = page_of(messages_asked_for(self.by, asked), Place.read(self.request.GET), PER_PAGE)
        led(page.rows, self.by)
        lost = undelivered(self.by)[:UNDELIVERED_SHOWN]
        return super().get_context_data(
            nav="messages",
            asked=asked,
            page=page,
            unread=unread_count(self.by),
            kinds=all_events(),
            longest=LONGEST,
            undelivered=[{"delivery": each, "address": address_of(each, to=self.by)} for each in lost],
            may_retry=may_retry(self.by),
            sees_deliveries=may_see_channels(self.by),
            **kwargs,
        )


class OpenMessage(Posted):
    """POST /messages/<id>/open/: read, and on to what it is about."""

    def post(self, request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
        """To the thing, or back to the list where there is none."""
        try:
            [message] = led([services.mark_read(message_id=message_id, by=self.by)], self.by)
        except Message.DoesNotExist:
            raise Http404 from None
        return HttpResponseRedirect(message.url) if message.url else redirect("messages")


class ReadAll(Posted):
    """POST /messages/read/: all of mine are read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to the list."""
        services.mark_all_read(by=self.by)
        return redirect("messages")
