"""What has to be collected about an incident, by the kind of its cause, and what is not needed this time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line
from incidents.choices import Category
from incidents.models.incidents import Incident

KEY_LENGTH = 100
NAME_LENGTH = 120
REASON_LENGTH = 1_000


class EvidenceItem(Row, Versioned):
    """One thing to collect: for one category of causes, or for every incident. Files name it by its key."""

    key = models.SlugField(_("key"), max_length=KEY_LENGTH, unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, validators=[safe_line])
    category = models.CharField(
        _("category of the cause"),
        max_length=20,
        choices=Category,
        blank=True,
        help_text=_("Empty: for every incident."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("item of the evidence checklist")
        verbose_name_plural = _("evidence checklist")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(name="evidence_category_is_known", condition=Q(category__in=["", *Category.values])),
            models.CheckConstraint(name="evidence_item_has_a_name", condition=~Q(name="") & ~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceMark(Row):
    """That one item is not needed for one incident, and why."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="evidence_marks", verbose_name=_("incident"))
    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="marks", verbose_name=_("item"))
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("item that is not needed")
        verbose_name_plural = _("items that are not needed")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(name="evidence_mark_is_one_for_an_item", fields=["incident", "item"]),
            models.CheckConstraint(name="evidence_mark_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.incident} · {self.item}"
