"""What people refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class WrongDetails(DomainError):
    """Details of a person that cannot be stored; `fields` says which."""

    code = "wrong_details"
    status = 400
    template = _("Some of these details are not right. Nothing was changed.")


class UnknownRole(DomainError):
    """A role that does not exist."""

    code = "unknown_role"
    status = 400
    template = _("There is no role “%(role)s”. The roles are %(roles)s.")


class UnknownScope(DomainError):
    """A scope that names no part of the product."""

    code = "unknown_scope"
    status = 400
    template = _("“%(scope)s” is not a scope. Write APP:read or APP:write; the apps are %(apps)s.")


class ExpiresInThePast(DomainError):
    """A key that would be of no use."""

    code = "expires_in_the_past"
    status = 400
    template = _("A key that has already expired is of no use. Give a time in the future.")


class LastAdministrator(DomainError):
    """Somebody must be left who can let others in."""

    code = "last_administrator"
    template = _("“%(person)s” is the last administrator. Make somebody else an administrator first.")


class AdministratorExists(DomainError):
    """The first administrator is made once."""

    code = "administrator_exists"
    template = _("There is an administrator already: “%(person)s”. Sign in as one and add people there.")


class IsAProgram(DomainError):
    """A program holds keys; it has no password and its roles are its keys'."""

    code = "is_a_program"
    template = _("“%(person)s” is a program, not a person. Make or revoke its keys instead.")
