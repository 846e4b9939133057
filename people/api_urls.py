from django.urls import path
from rest_framework.routers import SimpleRouter

from people import api

router = SimpleRouter()
router.register("people", api.People, basename="api-people")
router.register("api-keys", api.ApiKeys, basename="api-keys")
urlpatterns = [path("me/", api.Me.as_view(), name="api-me"), *router.urls]
