"""The look of the admin and its way through the rooms (Unfold)."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


def mark(_request: HttpRequest) -> str:
    """The product's mark."""
    return static("mark.svg")


def room(title: str | Promise, *rows: tuple[str | Promise, str, str]) -> dict[str, Any]:
    """One room of the sidebar. rows: title, symbol, `app_model`."""
    return {
        "title": title,
        "separator": True,
        "items": [
            {"title": name, "icon": symbol, "link": reverse_lazy(f"admin:{model}_changelist")}
            for name, symbol, model in rows
        ],
    }


NAVIGATION = [
    room(
        _("Incidents and plans"),
        (_("Incidents"), "emergency", "incidents_incident"),
        (_("Time limits"), "timer", "incidents_clocktarget"),
        (_("Deadlines"), "event_busy", "incidents_deadline"),
        (_("Notices of time limits"), "notifications_active", "incidents_clocknotice"),
        (_("Plans"), "menu_book", "runbooks_plan"),
        (_("Plan versions"), "history_edu", "runbooks_planversion"),
    ),
    room(
        _("Backups"),
        (_("Backup policies"), "inventory_2", "backups_backuppolicy"),
        (_("Repositories"), "database", "backups_repository"),
        (_("Copies"), "content_copy", "backups_copy"),
        (_("Runs"), "play_circle", "backups_run"),
    ),
    room(
        _("Catalog"),
        (_("Services"), "hub", "catalog_service"),
        (_("Systems"), "dns", "catalog_system"),
        (_("Dependencies"), "account_tree", "catalog_dependency"),
        (_("Sites"), "location_on", "catalog_site"),
        (_("Providers"), "handshake", "catalog_provider"),
        (_("Documents"), "description", "catalog_document"),
        (_("Recovery measurements"), "timer", "catalog_recoverymeasurement"),
        (_("Parts that proof stands on"), "fingerprint", "catalog_basis"),
    ),
    room(
        _("Actions"),
        (_("Actions"), "flag", "actions_action"),
        (_("Improvement plans"), "trending_up", "actions_improvementplan"),
    ),
    room(
        _("Messages"),
        (_("Messages"), "mail", "notify_message"),
        (_("Deliveries"), "send", "notify_delivery"),
        (_("Channels"), "campaign", "notify_channel"),
        (_("Subscriptions"), "rss_feed", "notify_subscription"),
        (_("Texts of messages"), "edit_note", "notify_template"),
        (_("Reminders"), "alarm", "notify_reminder"),
    ),
    room(
        _("People"),
        (_("People"), "group", "people_user"),
        (_("Teams"), "groups", "people_team"),
        (_("Memberships"), "group_add", "people_membership"),
        (_("Absences"), "event_busy", "people_absence"),
        (_("Calendars"), "calendar_month", "people_calendar"),
        (_("Holidays and working days"), "event_available", "people_calendarday"),
        (_("Contact methods"), "contact_phone", "people_contactmethod"),
        (_("Signed-in browsers"), "devices", "people_browsersession"),
        (_("API keys"), "key", "people_apikey"),
        (_("Organisation"), "domain", "people_organisation"),
    ),
    room(
        _("Ledger"),
        (_("Ledger entries"), "receipt_long", "ledger_entry"),
        (_("Seals"), "verified", "ledger_seal"),
        (_("Sealed entries"), "lock", "ledger_sealedentry"),
    ),
    room(
        _("Under the floor"),
        (_("Signs of life"), "ecg_heart", "common_heartbeat"),
        (_("Pending announcements"), "campaign", "common_pendingfact"),
        (_("Stored files"), "folder", "common_storedfile"),
    ),
]

UNFOLD = {
    "SITE_TITLE": "Holdfast",
    "SITE_HEADER": "Holdfast",
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": reverse_lazy("overview"),
    "SITE_ICON": mark,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": mark}],
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "base": {
            "50": "#f6f8f8",
            "100": "#eef2f2",
            "200": "#dfe6e7",
            "300": "#c6d0d2",
            "400": "#98a6aa",
            "500": "#72828a",
            "600": "#566770",
            "700": "#3f4f57",
            "800": "#25333a",
            "900": "#13212a",
            "950": "#0b1418",
        },
        "primary": {
            "50": "#eff6fa",
            "100": "#dcebf3",
            "200": "#b9d8e8",
            "300": "#86bbd6",
            "400": "#4b98bd",
            "500": "#1d78a2",
            "600": "#0f6088",
            "700": "#0d4c6c",
            "800": "#0c3b53",
            "900": "#0a2a3b",
            "950": "#071c28",
        },
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": NAVIGATION},
}

#: Words of Unfold, which speaks English only: they stand here so that our catalogs hold them.
WORDS_OF_UNFOLD = (
    _("Add another %(model)s"),
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Change selected %(model)s"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("Date from"),
    _("Date to"),
    _("Delete selected %(model)s"),
    _("Expand row"),
    _("General"),
    _("Go back"),
    _("Loading more results..."),
    _("More actions"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Previous"),
    _("Recent searches"),
    _("Reset filters"),
    _("Return to site"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("Submit"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("Type to search"),
    _("View selected %(model)s"),
    _("You have been successfully logged out from the administration"),
    ngettext_lazy("%(counter)s result", "%(counter)s results", "counter"),
)
