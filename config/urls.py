"""Addresses: every app brings its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from common.health import healthz, readyz
from readiness.views.metrics import metrics

handler400 = "common.error_pages.bad_request"
handler403 = "common.error_pages.forbidden"
handler404 = "common.error_pages.not_found"
handler429 = "common.error_pages.too_many_requests"
handler500 = "common.error_pages.server_error"

# One way to sign in, with its lock-out and second factor, for the admin too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("", include("people.urls")),
    path("api/", include("common.api_urls")),
    path("api/v1/", include("people.api_urls")),
    path("api/v1/", include("catalog.api_urls")),
    path("api/v1/", include("notify.api_urls")),
    path("", include("notify.urls")),
    path("api/v1/", include("incidents.api_urls")),
    path("api/v1/", include("runbooks.api_urls")),
    path("api/v1/", include("backups.api_urls")),
    path("api/v1/", include("actions.api_urls")),
    path("api/v1/", include("readiness.api_urls")),
    path("", include("catalog.urls")),
    path("", include("actions.urls")),
    path("", include("backups.urls")),
    path("", include("runbooks.urls")),
    path("", include("incidents.urls")),
    path("", include("readiness.urls")),
]
