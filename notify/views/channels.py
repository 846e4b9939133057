"""How channels and ways do, and trying one out."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from common.errors import DomainError
from notify import services
from notify.models import Channel
from notify.selectors import channels_visible_to, health_of, may_keep_channels
from notify.views.common import Kept, Posted


class ChannelsPage(Kept, TemplateView):
    """/messages/channels/: the ways to people and every channel, each with how it does."""

    template_name = "notify/channels.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`ways` and `channels` (Health), `failing` (how many), `may_keep`."""
        found = health_of(self.by, now=timezone.now())
        return super().get_context_data(
            nav="messages",
            ways=[each for each in found if each.channel is None],
            channels=[each for each in found if each.channel is not None],
            failing=sum(each.is_failing for each in found),
            may_keep=may_keep_channels(self.by),
            has_mail=settings.EMAIL_CONFIGURED,
            kept_days=settings.ANSWERS_KEPT.days,
            **kwargs,
        )


class TryChannel(Posted):
    """POST /messages/channels/<id>/try/: a test message to it alone."""

    def post(self, request: HttpRequest, channel_id: uuid.UUID) -> HttpResponse:
        """To the delivery of the test, where its answer shows; back with the reason where none was sent."""
        if not may_keep_channels(self.by) or not channels_visible_to(self.by).filter(pk=channel_id).exists():
            raise Http404
        try:
            delivery = services.try_channel(channel_id=channel_id, by=self.by)
        except Channel.DoesNotExist:
            raise Http404 from None
        except DomainError as refusal:
            said.warning(request, refusal.message)
            return redirect("channels")
        said.success(request, _("The test message is on its way. Its answer stands here as soon as it is there."))
        return redirect("delivery", delivery.pk)
