"""How messages were delivered: all of them to look through, and each with what every try was answered."""

import uuid
from typing import Any

from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from common.errors import DomainError
from common.keyset import Place, page_of
from notify import services
from notify.asking import LONGEST, AskedDeliveries
from notify.choices import DeliveryState, Way
from notify.events import all_events, event_of
from notify.models import Delivery
from notify.selectors import address_of, attempts_visible_to, deliveries_asked_for, deliveries_visible_to, may_retry
from notify.views.common import Kept, Posted

PER_PAGE = 50
#: A delivery is tried a handful of times; sent again by hand for ever, there may be more.
ATTEMPTS_SHOWN = 100


class DeliveriesPage(Kept, TemplateView):
    """/messages/deliveries/: what the address asks for, the newest first."""

    template_name = "notify/deliveries.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`page` (deliveries), `rows` (delivery, address), `asked`, and what may be chosen."""
        asked = AskedDeliveries.read(self.request.GET)
        page = page_of(deliveries_asked_for(self.by, asked), Place.read(self.request.GET), PER_PAGE)
        return super().get_context_data(
            nav="messages",
            asked=asked,
            page=page,
            rows=[{"delivery": each, "address": address_of(each, to=self.by)} for each in page.rows],
            states=DeliveryState.choices,
            ways=Way.choices,
            kinds=all_events(),
            longest=LONGEST,
            **kwargs,
        )


class DeliveryPage(Kept, TemplateView):
    """/messages/deliveries/<id>/: one delivery with its tries, the newest first."""

    template_name = "notify/delivery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`delivery`, `address`, `event`, `attempts`, `may_send_again`. Nothing of the message's text."""
        delivery = get_object_or_404(deliveries_visible_to(self.by), pk=kwargs["delivery_id"])
        return super().get_context_data(
            nav="messages",
            delivery=delivery,
            address=address_of(delivery, to=self.by),
            event=event_of(delivery.message.kind),
            attempts=attempts_visible_to(self.by).filter(delivery=delivery).order_by("-created_at")[:ATTEMPTS_SHOWN],
            may_send_again=may_retry(self.by) and delivery.can_be_sent_again,
            **kwargs,
        )


class RetryDelivery(Posted):
    """POST /messages/deliveries/<id>/retry/: send again what was given up, or what a program lost."""

    def post(self, request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
        """To the delivery, with what came of it."""
        if not may_retry(self.by) or not deliveries_visible_to(self.by).filter(pk=delivery_id).exists():
            raise Http404
        try:
            services.retry(delivery_id=delivery_id, by=self.by)
        except Delivery.DoesNotExist:
            raise Http404 from None
        except DomainError as refusal:
            said.warning(request, refusal.message)
        else:
            said.success(request, _("It is being sent again."))
        return redirect("delivery", delivery_id)
