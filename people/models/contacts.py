"""Ways to reach a person besides the sign-in address."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Row
from common.sealed import SealedField
from common.text import safe_line
from people.choices import ContactKind
from people.models.persons import User


class ContactMethod(Row):
    """One way to reach one person. It counts once a code that was sent to it came back.

    `address` is what may be read: the e-mail address, the number, or the masked address of an app.
    `secret` is the whole address of an app, sealed, because such addresses hold passwords and tokens.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="contact_methods", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind)
    name = models.CharField(_("name"), max_length=60, blank=True, validators=[safe_line])
    address = models.CharField(_("address"), max_length=254)
    secret = SealedField(blank=True, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    last_reached_at = models.DateTimeField(_("last reached"), null=True, editable=False)
    #: The last code: its hash, until when it counts, and how often a wrong one was given.
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("contact method")
        verbose_name_plural = _("contact methods")
        ordering = ["person__name", "created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="contact_method_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="contact_kind_is_known", condition=Q(kind__in=ContactKind.values)),
            models.CheckConstraint(
                name="contact_of_an_app_is_sealed",
                condition=(Q(kind=ContactKind.APP) & ~Q(secret="")) | (~Q(kind=ContactKind.APP) & Q(secret="")),
            ),
            models.CheckConstraint(
                name="contact_code_is_hashed", condition=Q(code_hash="") | Q(code_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="contact_code_expires", condition=Q(code_hash="") | Q(code_expires_at__isnull=False)
            ),
            # Of apps the service compares the whole addresses.
            models.UniqueConstraint(
                fields=["person", "kind", "address"],
                condition=~Q(kind=ContactKind.APP),
                name="contact_address_is_once_a_person",
                violation_error_message=_("This address is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.name or self.get_kind_display()}"
