"""Signing in: only the pages of allauth that we open. There is no sign-up, and addresses are kept by administrators."""

from allauth.account import views as account
from django.urls import include, path, re_path

from people import views
from people.adapters import passkeys, sign_on

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("account/", include("people.account_urls")),
    path("people/", views.PeopleHere.as_view(), name="people"),
    path("rosters/", views.Rosters.as_view(), name="rosters"),
    path("rosters/<uuid:roster_id>/", views.OneRoster.as_view(), name="roster"),
    path("rosters/<uuid:roster_id>/overrides/add/", views.AddOverride.as_view(), name="override_add"),
    path(
        "rosters/<uuid:roster_id>/overrides/<uuid:override_id>/remove/",
        views.RemoveOverride.as_view(),
        name="override_remove",
    ),
    path("rosters/<uuid:roster_id>/rotations/add/", views.EditRotation.as_view(), name="rotation_add"),
    path(
        "rosters/<uuid:roster_id>/rotations/<uuid:rotation_id>/", views.EditRotation.as_view(), name="rotation_change"
    ),
    path(
        "rosters/<uuid:roster_id>/rotations/<uuid:rotation_id>/remove/",
        views.RemoveRotation.as_view(),
        name="rotation_remove",
    ),
    path("duty/", views.MyDuty.as_view(), name="my_duty"),
    path("duty/feeds/", views.MakeFeed.as_view(), name="feed_make"),
    path("duty/feeds/<uuid:feed_id>/revoke/", views.RevokeFeed.as_view(), name="feed_revoke"),
    path("escalation/<uuid:policy_id>/", views.OnePolicy.as_view(), name="escalation_policy"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", sign_on.password_set, name="account_set_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/sign-on/", sign_on.sign_on, name="sign_on"),
    path("accounts/sign-on/callback/", sign_on.sign_on_callback, name="sign_on_callback"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", passkeys.Remove.as_view(), name="mfa_remove_webauthn"),
    path("accounts/2fa/webauthn/reauthenticate/", passkeys.Again.as_view(), name="mfa_reauthenticate_webauthn"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
