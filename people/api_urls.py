from django.urls import path
from rest_framework.routers import SimpleRouter

from people import api

router = SimpleRouter()
router.register("people", api.People, basename="api-people")
router.register("api-keys", api.ApiKeys, basename="api-keys")
router.register("teams", api.Teams, basename="api-teams")
router.register("absences", api.Absences, basename="api-absences")
router.register("calendars", api.Calendars, basename="api-calendars")
router.register("contact-methods", api.ContactMethods, basename="api-contact-methods")
urlpatterns = [path("me/", api.Me.as_view(), name="api-me"), *router.urls]
