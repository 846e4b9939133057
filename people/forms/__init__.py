"""Forms of signing in and of everybody's own account. Their looks are the templates' business."""

from people.forms.account import AbsenceForm, ContactCodeForm, ContactForm, DetailsForm, OwnKeyForm, PreferencesForm
from people.forms.duty import OverrideForm
from people.forms.rotations import RotationForm
from people.forms.sign_in import CodeAgainForm, CodeForm, ResetPasswordForm, SignInForm

__all__ = [
    "AbsenceForm",
    "CodeAgainForm",
    "CodeForm",
    "ContactCodeForm",
    "ContactForm",
    "DetailsForm",
    "OverrideForm",
    "OwnKeyForm",
    "PreferencesForm",
    "ResetPasswordForm",
    "RotationForm",
    "SignInForm",
]
