"""What everybody changes in their own account. Each view is a thin door to a service."""

import uuid
from typing import Any, ClassVar

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView

from common.errors import DomainError
from common.refusals import add_errors
from people import services
from people.forms import AbsenceForm, ContactCodeForm, ContactForm, DetailsForm, OwnKeyForm
from people.models import Absence, ApiKey, BrowserSession, ContactMethod
from people.views.signed import Signed


class OwnForm(Signed, FormView):
    """One task on one page. What the service refuses comes back with everything that was typed."""

    template_name = "people/form.html"
    title: ClassVar[str | Promise] = ""
    lead: ClassVar[str | Promise] = ""
    button: ClassVar[str | Promise] = ""
    done: ClassVar[str | Promise] = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Forms know whose they are."""
        return super().get_form_kwargs() | {"person": self.by}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`title`, `lead`, `button`."""
        words = {"title": self.title, "lead": self.lead, "button": self.button}
        return super().get_context_data(nav="account", **(words | kwargs))

    def form_valid(self, form: Form) -> HttpResponse:
        """Back to the account, or the form again with the refusal."""
        try:
            return self.carry_out(form)
        except DomainError as refusal:
            add_errors(form, refusal)
            return self.form_invalid(form)

    def carry_out(self, form: Any) -> HttpResponse:
        """Call the service."""
        raise NotImplementedError

    def back(self, place: str = "") -> HttpResponse:
        """To the account, with a word that it is done."""
        if self.done:
            messages.success(self.request, str(self.done))
        return redirect(reverse("my_account") + place)


class ChangeDetails(OwnForm):
    """/account/details/"""

    form_class = DetailsForm
    title = gettext_lazy("Your details")
    button = gettext_lazy("Save")
    done = gettext_lazy("Saved.")

    def carry_out(self, form: DetailsForm) -> HttpResponse:
        """The name is everybody's to see and in the ledger; the rest is how the product looks to its reader."""
        chosen = dict(form.cleaned_data)
        name, person = chosen.pop("name"), self.by
        if name.strip() != person.name:
            services.change_details(person_id=person.pk, by=person, name=name)
        services.set_preferences(person=person, **chosen)
        return self.back()


class AddContact(OwnForm):
    """/account/contacts/add/"""

    form_class = ContactForm
    title = gettext_lazy("Another way to reach you")
    lead = gettext_lazy("What is urgent is also sent there, once you have proven with a code that it reaches you.")
    button = gettext_lazy("Add")

    def carry_out(self, form: ContactForm) -> HttpResponse:
        """On to the code where one can be sent."""
        contact = services.add_contact(person=self.by, by=self.by, **form.cleaned_data)
        try:
            services.send_code(contact_id=contact.pk, by=self.by)
        except DomainError:  # a number for people to call, or too many codes: it is kept and can be proven later
            return self.back("#contacts")
        return redirect("my_contact_verify", contact.pk)


class VerifyContact(OwnForm):
    """/account/contacts/<id>/verify/"""

    form_class = ContactCodeForm
    title = gettext_lazy("Enter the code")
    lead = gettext_lazy("Six digits are on their way to this address. They count for 15 minutes.")
    button = gettext_lazy("Confirm")
    done = gettext_lazy("You are reached there from now on.")

    def carry_out(self, form: ContactCodeForm) -> HttpResponse:
        """Of one's own contact only."""
        contact = _own(ContactMethod, self.request, self.kwargs["contact_id"])
        services.verify_contact(contact_id=contact.pk, code=form.cleaned_data["code"], by=self.by)
        return self.back("#contacts")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, where there is something to prove."""
        _own(ContactMethod, request, kwargs["contact_id"])
        return super().get(request, *args, **kwargs)


class PlanAbsence(OwnForm):
    """/account/absences/plan/"""

    form_class = AbsenceForm
    title = gettext_lazy("When are you away?")
    lead = gettext_lazy("Your substitute acts for you wherever an approval, a review, an action or a duty asks you.")
    button = gettext_lazy("Save")
    done = gettext_lazy("Saved. Everybody sees who acts for you.")

    def carry_out(self, form: AbsenceForm) -> HttpResponse:
        """From the first minute of the first day to the last of the last."""
        services.plan_absence(person=self.by, by=self.by, **form.times())
        return self.back("#absences")


@method_decorator(reauthentication_required, name="dispatch")
class MakeKey(OwnForm):
    """/account/keys/make/: after the password once more, because a key outlives the session."""

    form_class = OwnKeyForm
    title = gettext_lazy("A key for a program of yours")
    lead = gettext_lazy("It acts with one of your roles, and ends with it, with your account, and after its days.")
    button = gettext_lazy("Make the key")

    def carry_out(self, form: OwnKeyForm) -> HttpResponse:
        """Show the key, this once, and never from a cache."""
        new = services.create_own_key(person=self.by, **form.cleaned_data)
        response = render(self.request, "people/new_key.html", {"nav": "account", "key": new.row, "text": new.text})
        response["Cache-Control"] = "no-store"
        return response


class Posted(Signed, View):
    """One button of the page. Somebody else's row is not there."""

    http_method_names = ["post"]
    place = ""

    def post(self, request: HttpRequest, **ids: uuid.UUID) -> HttpResponse:
        """Back to the page, with what came of it."""
        try:
            said = self.carry_out(**ids)
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        else:
            if said:
                messages.success(request, said)
        return redirect(reverse("my_account") + self.place)

    def carry_out(self, **ids: Any) -> str:
        """Call the service; returns what to say."""
        raise NotImplementedError


class SendCode(Posted):
    """POST /account/contacts/<id>/send-code/"""

    place = "#contacts"

    def post(self, request: HttpRequest, **ids: uuid.UUID) -> HttpResponse:
        """On to the form for the code."""
        contact = _own(ContactMethod, request, ids["contact_id"])
        try:
            services.send_code(contact_id=contact.pk, by=self.by)
        except DomainError as refusal:
            messages.warning(request, refusal.message)
            return redirect(reverse("my_account") + self.place)
        return redirect("my_contact_verify", contact.pk)


class RemoveContact(Posted):
    """POST /account/contacts/<id>/remove/"""

    place = "#contacts"

    def carry_out(self, **ids: Any) -> str:
        services.remove_contact(contact_id=_own(ContactMethod, self.request, ids["contact_id"]).pk, by=self.by)
        return _("Removed.")


class EndAbsence(Posted):
    """POST /account/absences/<id>/end/"""

    place = "#absences"

    def carry_out(self, **ids: Any) -> str:
        services.end_absence(absence_id=_own(Absence, self.request, ids["absence_id"]).pk, by=self.by)
        return _("You act for yourself again.")


class EndSession(Posted):
    """POST /account/sessions/<id>/end/"""

    place = "#sessions"

    def carry_out(self, **ids: Any) -> str:
        services.end_session(session_id=_own(BrowserSession, self.request, ids["session_id"]).pk, by=self.by)
        return _("Signed out there.")


class EndOtherSessions(Posted):
    """POST /account/sessions/end-others/"""

    place = "#sessions"

    def carry_out(self, **ids: Any) -> str:
        services.end_sessions(person=self.by, by=self.by, but=self.request.session.session_key)
        return _("You are signed in only here.")


class RevokeKey(Posted):
    """POST /account/keys/<id>/revoke/"""

    place = "#keys"

    def carry_out(self, **ids: Any) -> str:
        key = ApiKey.objects.filter(pk=ids["key_id"], owner=self.by.pk).first()
        if key is None:
            raise Http404
        services.revoke_api_key(key_id=key.pk, by=self.by)
        return _("This key opens nothing any more.")


def _own(model: Any, request: HttpRequest, row_id: uuid.UUID) -> Any:
    """The row, if it is the reader's own. Raises Http404."""
    row = model.objects.filter(pk=row_id, person=request.user.pk).first()
    if row is None:
        raise Http404
    return row
