"""How allauth and axes are tied to our people: nobody signs up, secrets are sealed, one name is counted once."""

from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from common.secrets import seal, unseal
from people import services
from people.models import User
from people.selectors import has_ended, needs_second_factor, person_named, second_factors, signs_in_elsewhere


class SignInAdapter(DefaultAccountAdapter):
    """Sign-in for people who were let in by an administrator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The sign-in name and the password do not belong together."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are let in."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """An account whose time is over opens nothing, also before the sweep has closed it; the person is told why."""
        if has_ended(user):
            user.is_active = False
        return super().pre_login(request, user, **more)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Whoever gets here knew the password."""
        if user.ends_on is not None and has_ended(user):
            ended = date_format(user.ends_on, pgettext("date format", "j F Y"))
            messages.warning(
                request,
                _("Your account ended after %(day)s. An administrator can extend it.") % {"day": ended},
            )
        return super().respond_user_inactive(request, user)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """In the background, so that the answer takes as long for an address that nobody has.

        Whom another house lets in has no password here, and gets none.
        """
        if not signs_in_elsewhere(user):
            services.request_password_reset(person=user)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors whose secrets are sealed at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Administrators keep a second factor: this installation can be reached."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed with the key folder's newest key."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises KeyMissing when the key is gone: an administrator resets the factor then."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one where a second factor is required of its owner."""
        others = second_factors(authenticator.user).exclude(pk=authenticator.pk)
        return not needs_second_factor(authenticator.user) or others.exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  the library's word
        """What a key is called when its owner gives it no name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey %(number)s") % {"number": number})


def way_in(request: HttpRequest | None, person: User) -> str:
    """By what the person was let in, before any second step: password, directory, sign_on or passkey; "" if unknown."""
    records = get_authentication_records(request, person) if request is not None else []
    method = records[0].get("method") if records else ""
    if method == "password" and getattr(person, "backend", "").endswith("DirectoryBackend"):
        return "directory"
    return {"password": "password", "socialaccount": "sign_on", "mfa": "passkey"}.get(method, "")


def name_for_counting(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Under which name axes counts failures: one for sign-in name and e-mail of the same person.

    Names that nobody has are kept as a digest: people type passwords into the wrong field.
    """
    found = credentials or {}
    given = found.get("username") or found.get("email") or request.POST.get("login") or ""
    person = person_named(given)
    if person is not None:
        return str(person.username).lower()
    return "unknown:" + sha256(given.strip().lower().encode(errors="replace")).hexdigest()[:16]
