"""What people write about an incident once it is over."""

import json
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.choices import Category
from incidents.forms.fields import text
from incidents.models import Review
from incidents.reviews import FACTOR_LENGTH, MOST_FACTORS, REASON_LENGTH, TEXTS, TITLE_LENGTH, CaseKind

#: What a form says about the words that it showed: {field: the beginning of their digest}.
SEEN_LENGTH = 2_000
DIGEST_LENGTH = 12


class Lines(forms.CharField):
    """Several short texts, a line each."""

    def __init__(self, *, most: int, length: int, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), max_length=most * (length + 2), **more)
        self.most, self.length = most, length

    def clean(self, value: Any) -> list[str]:
        """The lines that say something."""
        lines = [
            line for line in (" ".join(each.split()) for each in (super().clean(value) or "").splitlines()) if line
        ]
        if len(lines) > self.most or any(len(line) > self.length for line in lines):
            limits = {"most": self.most, "length": self.length}
            raise ValidationError(_now("At most %(most)s lines of at most %(length)s characters.") % limits)
        return lines


class ReviewForm(forms.Form):
    """A review as it was seen. What others wrote meanwhile and this person did not touch is kept as they wrote it."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=SEEN_LENGTH, required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=_("What kind of case is it?"), choices=CaseKind, widget=forms.RadioSelect)
    summary = text(_("What happened?"), TEXTS["summary"], required=False)
    impact = text(_("What did it mean for people?"), TEXTS["impact"], rows=2, required=False)
    first_check = text(_("What was checked first?"), TEXTS["first_check"], rows=3, required=False)
    root_cause = text(_("What was the cause?"), TEXTS["root_cause"], rows=3, required=False)
    category = forms.ChoiceField(
        label=_("Category of the cause"), choices=[("", _("Not known yet")), *Category.choices], required=False
    )
    handling = text(
        _("What was done?"),
        TEXTS["handling"],
        rows=8,
        required=False,
        help_text=_("Drafted from the timeline. Leave out what nobody needs to read again."),
    )
    result = text(_("What was the result?"), TEXTS["result"], rows=3, required=False)
    factors = Lines(
        label=_("What contributed?"),
        most=MOST_FACTORS,
        length=FACTOR_LENGTH,
        required=False,
        help_text=_("A line for each. Not only the last link of the chain."),
    )
    went_well = text(_("What went well?"), TEXTS["went_well"], rows=3, required=False)
    went_badly = text(_("What did not?"), TEXTS["went_badly"], rows=3, required=False)
    lessons = text(
        _("What do we learn from it?"),
        TEXTS["lessons"],
        required=False,
        help_text=_("Written for people, not about them."),
    )

    def __init__(self, *args: Any, review: Review, **more: Any) -> None:
        super().__init__(*args, **more)
        self.review = review
        stored = shown(review)
        self.initial = {"version": review.version, "seen": json.dumps(digests(stored)), **stored}
        #: What others wrote meanwhile where this person wrote something else: {field: their words}.
        self.theirs: dict[str, str] = {}

    def changes(self) -> dict[str, Any]:
        """What was entered, as `services.write_review` takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "seen"}}

    def merge(self, review: Review) -> None:
        """Take over what others stored meanwhile and this person left alone; keep what was typed beside theirs."""
        seen, stored = self._seen(), shown(review)
        typed: Any = self.data
        data = typed.copy()
        for name, words in stored.items():
            own = plain(data.get(name, ""))
            if own == words or seen.get(name) == digest(words):
                continue
            if seen.get(name) == digest(own):
                data[name] = words
            else:
                self.theirs[name] = words
        self.data = data
        self.renew(review)

    def renew(self, review: Review) -> None:
        """From now on it was made of the present state."""
        typed: Any = self.data
        data = typed.copy()
        data["version"], data["seen"] = str(review.version), json.dumps(digests(shown(review)))
        self.data = data

    def _seen(self) -> dict[str, Any]:
        try:
            seen = json.loads(self.data.get("seen", "") or "{}")
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}


class SendBackForm(forms.Form):
    """Why it is not good enough yet."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    reason = text(_("What is missing?"), REASON_LENGTH, rows=3)


def shown(review: Review) -> dict[str, str]:
    """What the form shows of a review, as browsers send it back."""
    words = {name: plain(getattr(review, name)) for name in ("title", "kind", *TEXTS)}
    return {**words, "factors": "\n".join(review.factors), "category": review.incident.category}


def plain(words: str) -> str:
    """With one kind of line break, and nothing around it."""
    return words.replace("\r\n", "\n").strip()


def digest(words: str) -> str:
    """Tells one text from another."""
    return sha256(words.encode(errors="replace")).hexdigest()[:DIGEST_LENGTH]


def digests(words: dict[str, str]) -> dict[str, str]:
    """The same of several."""
    return {name: digest(text) for name, text in words.items()}
