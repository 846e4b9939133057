"""What Django, allauth and axes tell about signing in becomes the ledger's; roles are groups, made and repaired."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.apps import AppConfig
from django.contrib.auth import signals as auth
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest

from common.clock import CLOCK_SET_BACK
from common.signals import sweep
from people import services
from people.adapters.sign_in import way_in
from people.choices import Role
from people.models import User
from people.selectors import person_named

#: Apps whose rows administrators keep in the admin.
KEPT_BY_ADMINISTRATORS = {
    "common", "ledger", "people", "catalog", "notify", "actions", "backups", "runbooks", "incidents", "readiness",
    "mfa",
}  # fmt: skip

WRITE_USES_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)


@receiver(post_migrate, dispatch_uid="people.make_roles")
def make_roles(sender: AppConfig, **_more: Any) -> None:
    """A group for each role. Administrators hold the permissions of our apps in the admin; no other group any.

    Runs after each migration for each app, so what somebody took away is back.
    """
    if sender.label == "people":
        for role in Role.values:
            group, _made = Group.objects.get_or_create(name=role)
            if role != Role.ADMINISTRATOR:
                group.permissions.clear()
    if sender.label in KEPT_BY_ADMINISTRATORS:
        administrators, _made = Group.objects.get_or_create(name=Role.ADMINISTRATOR)
        administrators.permissions.add(*Permission.objects.filter(content_type__app_label=sender.label))


@receiver(auth.user_logged_in, dispatch_uid="people.signed_in")
def signed_in(user: User, request: HttpRequest | None = None, **_more: Any) -> None:
    services.note_sign_in(person=user, language=getattr(request, "LANGUAGE_CODE", ""), way=way_in(request, user))


@receiver(auth.user_logged_out, dispatch_uid="people.signed_out")
def signed_out(user: User | None, request: HttpRequest | None = None, **_more: Any) -> None:
    if user is not None:
        services.note_sign_out(person=user)
        services.forget_session(session_key=request.session.session_key if request else None)


@receiver(auth.user_login_failed, dispatch_uid="people.sign_in_failed")
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    """Attempts while locked out are not counted by axes, and not kept. Nor is a name that nobody has."""
    if request is None or getattr(request, "axes_failures_since_start", None) is None:
        return
    person = person_named(credentials.get("username") or credentials.get("email") or "")
    if person is not None:
        services.note_sign_in_failed(person=person, locked=bool(getattr(request, "axes_locked_out", False)))


@receiver(mfa.authentication_failed, dispatch_uid="people.code_failed")
def code_failed(sender: Any, request: HttpRequest, user: User, **_more: Any) -> None:
    """A wrong code counts like a wrong password: axes and the ledger hear of it the same way."""
    auth.user_login_failed.send(sender=sender, credentials={"username": user.username}, request=request)


@receiver(account.password_changed, dispatch_uid="people.password_changed")
def password_changed(user: User, request: HttpRequest, **_more: Any) -> None:
    services.note_new_password(person=user, way="changed", session_key=request.session.session_key)


@receiver(account.password_reset, dispatch_uid="people.password_reset")
def password_reset(user: User, **_more: Any) -> None:
    services.note_new_password(person=user, way="reset")


@receiver(mfa.authenticator_added, dispatch_uid="people.factor_added")
def factor_added(user: User, authenticator: Any, **_more: Any) -> None:
    services.note_second_factor(person=user, kind=authenticator.type, way="added")


@receiver(mfa.authenticator_removed, dispatch_uid="people.factor_removed")
def factor_removed(user: User, authenticator: Any, **_more: Any) -> None:
    services.note_second_factor(person=user, kind=authenticator.type, way="removed")


@receiver(mfa.authenticator_reset, dispatch_uid="people.factor_renewed")
def factor_renewed(user: User, authenticator: Any, **_more: Any) -> None:
    services.note_second_factor(person=user, kind=authenticator.type, way="renewed")


@receiver(sweep, dispatch_uid="people.close_ended")
def close_ended(*, now: datetime, **_more: Any) -> None:
    """Accounts whose time is over are closed within seconds of midnight."""
    services.close_ended(now=now)


@CLOCK_SET_BACK.receiver("people.count_anew")
def count_anew(now: str, **_more: Any) -> None:
    """Links to a new password that wait by a clock that was ahead."""
    services.count_resets_anew(now=datetime.fromisoformat(now))


@receiver(sweep, dispatch_uid="people.take_up_resets")
def take_up_resets(*, now: datetime, **_more: Any) -> None:
    """Links to a new password that the broker or a worker lost."""
    services.take_up_resets(now=now)


@receiver(sweep, dispatch_uid="people.write_uses")
def write_uses(*, now: datetime, **_more: Any) -> None:
    """What was counted of keys that nobody uses any more at the moment."""
    if cache.add("people.write_uses", 1, WRITE_USES_EVERY.total_seconds()):
        services.write_uses(now=now)


@receiver(sweep, dispatch_uid="people.tidy")
def tidy(*, now: datetime, **_more: Any) -> None:
    """Sessions that ended by themselves and old figures of keys: once an hour is enough."""
    if cache.add("people.tidy", 1, TIDY_EVERY.total_seconds()):
        services.forget_old_sessions(now=now)
        services.forget_old_uses(now=now)
