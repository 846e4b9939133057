"""Addresses of the pages of messages."""

from django.urls import path

from notify import views

urlpatterns = [
    path("messages/", views.MessagesPage.as_view(), name="messages"),
    path("messages/read/", views.ReadAll.as_view(), name="read_all_messages"),
    path("messages/<uuid:message_id>/open/", views.OpenMessage.as_view(), name="open_message"),
    path("messages/deliveries/<uuid:delivery_id>/retry/", views.RetryDelivery.as_view(), name="retry_delivery"),
]
