"""Everybody's own account."""

from django.urls import path

from people import views

urlpatterns = [
    path("", views.Account.as_view(), name="my_account"),
    path("details/", views.ChangeDetails.as_view(), name="my_details"),
    path("contacts/add/", views.AddContact.as_view(), name="my_contact_add"),
    path("contacts/<uuid:contact_id>/send-code/", views.SendCode.as_view(), name="my_contact_send_code"),
    path("contacts/<uuid:contact_id>/verify/", views.VerifyContact.as_view(), name="my_contact_verify"),
    path("contacts/<uuid:contact_id>/remove/", views.RemoveContact.as_view(), name="my_contact_remove"),
    path("absences/plan/", views.PlanAbsence.as_view(), name="my_absence_plan"),
    path("absences/<uuid:absence_id>/end/", views.EndAbsence.as_view(), name="my_absence_end"),
    path("sessions/end-others/", views.EndOtherSessions.as_view(), name="my_sessions_end_others"),
    path("sessions/<uuid:session_id>/end/", views.EndSession.as_view(), name="my_session_end"),
    path("keys/make/", views.MakeKey.as_view(), name="my_key_make"),
    path("keys/<uuid:key_id>/revoke/", views.RevokeKey.as_view(), name="my_key_revoke"),
]
