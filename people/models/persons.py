"""People, and the programs that act for them."""

from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line
from people.choices import Theme


class UserManager(BaseUserManager["User"]):
    """Makes users for Django's own commands; pages and admin use the services."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.email = user.email.strip().lower()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(Row, Versioned, AbstractBaseUser, PermissionsMixin):
    """One person who signs in, or one program (`is_machine`) that only holds API keys."""

    username = models.CharField(_("sign-in name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("name"), max_length=120, validators=[safe_line])
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    #: What the pages spoke at the last sign-in: messages follow it while no language is chosen.
    last_language = models.CharField(max_length=10, blank=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_machine = models.BooleanField(_("is a program"), default=False)
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    #: The last day on which the person may sign in; for auditors and others who are here for a while.
    ends_on = models.DateField(_("account ends on"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    #: Roles of this request: read once for people, the key's one for a program (see people.selectors.roles_of).
    _roles: frozenset[str]
    #: Whose duties the person has in this request (see people.selectors.whose_duties).
    _duties: list[UUID]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "username"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="user_by_age"),
            models.Index(fields=["name", "id"], name="user_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_is_one_persons",
                condition=~Q(email=""),
                violation_error_message=_("Somebody else has this e-mail address."),
            ),
            # Sign-in by e-mail compares with small letters.
            models.CheckConstraint(name="user_email_is_in_small_letters", condition=Q(email=Lower("email"))),
            models.UniqueConstraint(Lower("username"), name="user_name_is_one_persons_in_any_case"),
            models.CheckConstraint(
                name="user_is_not_the_own_manager",
                condition=Q(manager__isnull=True) | ~Q(manager=F("id")),
                violation_error_message=_("Somebody else must be the manager."),
            ),
            models.CheckConstraint(
                name="user_who_was_anonymised_is_not_active",
                condition=Q(anonymised_at__isnull=True) | Q(is_active=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def clean(self) -> None:
        """What forms and services store: the e-mail address in small letters."""
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def authority(self) -> str:
        """What the person may do by role, in words to compare: see `common.rest.idempotency`."""
        return " ".join([*sorted(self.groups.values_list("name", flat=True)), *["superuser"] * self.is_superuser])

    @property
    def initials(self) -> str:
        """Two letters for a face without a picture; the last two characters of a Chinese name."""
        parts = (self.name or self.username).split()
        if len(parts) > 1:
            return (parts[0][0] + parts[-1][0]).upper()
        return parts[0][-2:] if parts and not parts[0].isascii() else parts[0][:2].upper() if parts else "?"
