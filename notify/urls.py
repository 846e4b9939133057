"""Addresses of the pages of messages."""

from django.urls import path

from notify import views

urlpatterns = [
    path("messages/", views.MessagesPage.as_view(), name="messages"),
    path("messages/read/", views.ReadAll.as_view(), name="read_all_messages"),
    path("messages/<uuid:message_id>/open/", views.OpenMessage.as_view(), name="open_message"),
    path("messages/deliveries/", views.DeliveriesPage.as_view(), name="deliveries"),
    path("messages/deliveries/<uuid:delivery_id>/", views.DeliveryPage.as_view(), name="delivery"),
    path("messages/deliveries/<uuid:delivery_id>/retry/", views.RetryDelivery.as_view(), name="retry_delivery"),
    path("messages/channels/", views.ChannelsPage.as_view(), name="channels"),
    path("messages/channels/<uuid:channel_id>/try/", views.TryChannel.as_view(), name="try_channel"),
]
