"""Texts of the organisation's own, in place of those that come with the product."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line, safe_text


class Template(Row, Versioned):
    """The texts of one kind of message in one language. They name placeholders such as `{about}`, and nothing else."""

    kind = models.CharField(_("event"), max_length=100)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, validators=[safe_line])
    body = models.TextField(_("text"), max_length=4000, validators=[safe_text])

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        ordering = ["kind", "language"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="template_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="template_is_one_a_kind_and_language",
                fields=["kind", "language"],
                violation_error_message=_("There is a text for this event in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_language_display()}"
