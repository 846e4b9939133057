"""What people are told, in the admin: written by the product only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ledger.admin import ReadOnlyAdmin, ReadOnlyInline, by_service
from notify.models import Delivery, Message, Reminder
from notify.services.sending import retry


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = ["way", "channel", "address", "state", "due_at", "tries", "sent_at", "last_error"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "kind", "urgency", "created_at", "read_at"]
    list_filter = ["urgency", "kind", "created_at"]
    list_select_related = ["to"]
    search_fields = ["subject", "to__name", "about_label"]
    inlines = [DeliveryInline]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["message", "way", "channel", "address", "state", "due_at", "tries", "sent_at"]
    list_filter = ["state", "way", "channel", "due_at"]
    list_select_related = ["message", "channel"]
    search_fields = ["message__subject", "address", "last_error"]
    actions = [by_service(retry, _("Try again"), key="delivery_id")]


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ["subject_label", "to", "kind", "due_at", "next_at", "last_told_at", "cancelled_at"]
    list_filter = ["kind", "due_at"]
    list_select_related = ["to"]
    search_fields = ["subject_label", "to__name", "kind"]
