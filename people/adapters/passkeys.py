"""Passkeys and security keys (WebAuthn): counted like passwords, hostile answers refused, the last one kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView, RemoveWebAuthnView
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.fields import InvalidJSONInput
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from people.models import User
from people.selectors import signs_in_elsewhere

#: What the library raises for answers that no browser gives, beside ValueError and TypeError.
UNREADABLE = (AttributeError, KeyError, IndexError, ValueError, TypeError, AssertionError, OverflowError)

NOT_ACCEPTED = _("This passkey was not accepted. Try again, or sign in another way.")


#: Several times what a browser sends.
LONGEST_ANSWER = 64 * 1024


class AnswerField(forms.JSONField):
    """What the browser answers, hidden. Too long or too deep is refused like anything else that is wrong."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """The answer as an object."""
        if isinstance(value, str) and len(value) > LONGEST_ANSWER:
            raise forms.ValidationError(NOT_ACCEPTED, code="passkey")
        try:
            answer = super().to_python(value)
        except RecursionError:
            answer = None
        if not isinstance(answer, dict):
            raise forms.ValidationError(NOT_ACCEPTED, code="passkey")
        return answer

    def bound_data(self, data: Any, initial: Any) -> Any:
        """An answer is used once and never shown again."""
        return InvalidJSONInput("")


@contextmanager
def _read_with_care() -> Iterator[None]:
    """Whatever is wrong with a browser's answer is one sentence."""
    try:
        yield
    except (*UNREADABLE, forms.ValidationError) as problem:
        raise forms.ValidationError(NOT_ACCEPTED, code="passkey") from problem


def _check_open(user: User) -> None:
    """Raises ValidationError while the door is locked; the whole answer becomes the page that says so."""
    if not AxesProxyHandler.is_allowed(context.request, {"username": user.username}):
        context.request.axes_locked_out = True
        raise forms.ValidationError(_("Too many attempts."), code="locked_out")


def _count_failure(user: User, *, again: bool) -> None:
    signals.authentication_failed.send(
        sender=Authenticator, request=context.request, user=user, authenticator=None, reauthentication=again
    )


class _Counted:
    """A key's answer is counted like a password: whoever is locked out gets no further try."""

    user: User | None
    cleaned_data: dict[str, Any]
    reauthenticated: bool

    def clean_credential(self) -> Authenticator:
        """The key that signed the challenge of this session."""
        answer = self.cleaned_data["credential"]
        with _read_with_care():
            auth.parse_authentication_response(answer)
            person = self.user or auth.extract_user_from_response(answer)
        _check_open(person)
        try:
            with _read_with_care():
                return auth.complete_authentication(person, answer)
        except forms.ValidationError:
            _count_failure(person, again=self.reauthenticated)
            raise


class SecondStepForm(_Counted, webauthn.AuthenticateWebAuthnForm):
    """A key as the second step after the password."""

    credential = AnswerField()


class AgainForm(_Counted, webauthn.ReauthenticateWebAuthnForm):
    """A key once more, before something that must not happen by an unattended screen."""

    credential = AnswerField()


class AloneForm(_Counted, webauthn.LoginWebAuthnForm):
    """A passkey instead of name, password and second step."""

    credential = AnswerField()

    def clean_credential(self) -> Authenticator:
        """Who is let in by another house comes from there: closed there is closed here."""
        key = super().clean_credential()
        if signs_in_elsewhere(key.user):
            raise forms.ValidationError(
                _("Sign in with the account of your organisation first. The passkey is your second step."),
                code="elsewhere",
            )
        return key


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=60,
        required=False,
        validators=[safe_line],
        help_text=_("So that you know it later, such as “Laptop” or “Key on my ring”."),
    )


class AddForm(webauthn.AddWebAuthnForm):
    """A new key, and whether it may open the door by itself."""

    name = _name_field()
    credential = AnswerField()
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("Your device then asks for your finger, your face or a PIN."),
    )

    def clean(self) -> dict[str, Any]:
        """The new key, made for this session's challenge."""
        with _read_with_care():
            return super().clean()


class RenameForm(webauthn.EditWebAuthnForm):
    """Another name for a key."""

    name = _name_field()

    def clean_name(self) -> str:
        """A key always has a name."""
        return self.cleaned_data["name"] or self.instance.wrap().name


class Remove(RemoveWebAuthnView):
    """Removes a key of the reader, unless it is the last second factor and one is required."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        with transaction.atomic():
            # Two removals at once see each other.
            User.objects.select_for_update().get(pk=self.request.user.pk)
            key = self.get_object()
            if get_adapter().can_delete_authenticator(key):
                flows.remove_authenticator(self.request, key)
            else:
                refusal = get_adapter().error_messages["cannot_delete_authenticator"]
                messages.error(self.request, refusal)
        return HttpResponseRedirect(reverse("mfa_list_webauthn"))


class Again(ReauthenticateWebAuthnView):
    """Asks for the key again; a refusal is read where it was asked."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        messages.error(self.request, NOT_ACCEPTED)
        return HttpResponseRedirect(self.request.get_full_path())
