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
router.register("rosters", api.Rosters, basename="api-rosters")
router.register("rotations", api.Rotations, basename="api-rotations")
router.register("escalation-policies", api.EscalationPolicies, basename="api-escalation-policies")
urlpatterns = [path("me/", api.Me.as_view(), name="api-me"), *router.urls]
