"""Forms of signing in. Their looks are the templates' business."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ResetPasswordForm as BaseResetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Sign-in name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("Sign-in name or e-mail")
        login.max_length = 254
        login.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none", "maxlength": "254"})
        login.widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)

    @property
    def sign_on(self) -> str:
        """What the button of single sign-on says; empty where there is none."""
        issuer = settings.SIGN_ON_ISSUER
        if issuer is None:
            return ""
        return str(_("Sign in with %(name)s") % {"name": issuer.name} if issuer.name else _("Single sign-on"))

    def clean(self) -> Any:
        """Who it is. While the directory is away nobody's password is called wrong."""
        try:
            return super().clean()
        except forms.ValidationError:
            if getattr(self.request, "directory_is_away", False):
                raise forms.ValidationError(
                    _("The directory does not answer, so your password could not be checked. Try again soon."),
                    code="directory_away",
                ) from None
            raise


class ResetPasswordForm(BaseResetPasswordForm):
    """Ask for a link; where no mail can be sent, say so instead of promising one."""

    @property
    def is_possible(self) -> bool:
        """Whether this installation sends mail at all."""
        return settings.EMAIL_CONFIGURED

    def clean_email(self) -> str:
        """The address. The answer never says whether somebody has it."""
        if not settings.EMAIL_CONFIGURED:
            raise forms.ValidationError(
                _("This installation sends no e-mail. Ask an administrator for a new password."), code="no_email"
            )
        return super().clean_email()


class _Counted:
    """Codes are counted like passwords: whoever is locked out gets no further guess."""

    def clean_code(self) -> str:
        """The code. A lock-out turns the whole answer into the page that says so."""
        request = context.request
        if not AxesProxyHandler.is_allowed(request, {"username": self.user.username}):  # type: ignore[attr-defined]
            request.axes_locked_out = True
            raise forms.ValidationError(_("Too many attempts."), code="locked_out")
        return super().clean_code()  # type: ignore[misc]


class CodeForm(_Counted, AuthenticateForm):
    """The second factor at sign-in."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """The second factor once more, before something that must not happen by an unattended screen."""
