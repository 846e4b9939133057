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


class NotAPerson(DomainError):
    """What is asked of a person was asked of a program, or of somebody who has left."""

    code = "not_a_person"
    template = _("“%(person)s” is a program or may not sign in any more. Choose somebody who is here.")


class ManagerCircle(DomainError):
    """Nobody answers for themselves, not by way of others either."""

    code = "manager_circle"
    template = _("“%(manager)s” answers to “%(person)s” already. Nobody can be the manager of their own manager.")


class AlreadyAbsent(DomainError):
    """Two absences of one person at the same time would name two substitutes."""

    code = "already_absent"
    template = _("“%(person)s” is away in part of this time already. End that absence first.")


class AbsenceOver(DomainError):
    """An absence that lies in the past tells nobody anything."""

    code = "absence_over"
    status = 400
    template = _(
        "This time is not possible. An absence ends in the future, after it starts, and lasts at most 2 years."
    )


class OwnSubstitute(DomainError):
    """Nobody stands in for themselves."""

    code = "own_substitute"
    status = 400
    template = _("Somebody else must be the substitute.")


class ContactExists(DomainError):
    """One address is kept once a person."""

    code = "contact_exists"
    template = _("This address is there already.")


class TooManyContacts(DomainError):
    """More ways to reach one person than anybody would use."""

    code = "too_many_contacts"
    template = _("There are %(limit)s contact methods already. Remove one first.")


class NothingCanBeSent(DomainError):
    """A phone number is for people to call."""

    code = "nothing_can_be_sent"
    template = _("Holdfast does not call or text phone numbers: the number is there for people.")


class CodeTooSoon(DomainError):
    """Codes are sent one after the other, and not many."""

    code = "code_too_soon"
    status = 429
    template = _("A code was sent a moment ago, or too many were sent in the last hour. Wait a little and ask again.")


class WrongCode(DomainError):
    """The code is not the one that was sent, or it does not count any more."""

    code = "wrong_code"
    status = 400
    is_kept = True
    template = _("This code is not right, or it no longer counts. Look at the last message, or ask for a new code.")


class EndsInThePast(DomainError):
    """An account that is over is closed, not dated back."""

    code = "ends_in_the_past"
    status = 400
    template = _("Give a day from today on. To close the account now, end its sign-in.")


class WasAnonymised(DomainError):
    """Who was made unknown stays so."""

    code = "was_anonymised"
    template = _("This person was anonymised and cannot come back. Let them in anew.")


class RoleNotHeld(DomainError):
    """Own keys never do more than their person."""

    code = "role_not_held"
    status = 403
    template = _("Your own keys act with a role that you hold. You do not hold “%(role)s”.")


class TooManyKeys(DomainError):
    """More own keys than anybody keeps in view."""

    code = "too_many_keys"
    template = _("You have %(limit)s keys already. Revoke one first.")


class MoreThanItself(DomainError):
    """A key that would make one which can do more than itself."""

    code = "key_beyond_itself"
    status = 403
    template = _(
        "A key makes no key that can do more than itself: name scopes among its own, and for the key of a person "
        "its role."
    )


class OwnKeyTooLong(DomainError):
    """Own keys end."""

    code = "own_key_too_long"
    status = 400
    template = _("Your own keys last from 1 to %(limit)s days.")


class AccountEnded(DomainError):
    """An account whose time is over gets a new end before it opens again."""

    code = "account_ended"
    template = _("The account of “%(person)s” ended. Give it a new end first, then let the person sign in again.")


class NotLetIn(DomainError):
    """Somebody whom an issuer or a directory knows, and who has no place here."""

    code = "not_let_in"
    status = 403
    is_kept = True
    template = _("You are known, but nothing here is open to you. Ask an administrator for a role.")


class AddressNotAdmitted(DomainError):
    """An e-mail address that is not verified, or of a domain that is not let in."""

    code = "address_not_admitted"
    status = 403
    is_kept = True
    template = _("Only verified e-mail addresses of the organisation are let in here.")


class CalendarInUse(DomainError):
    """Something counts by this calendar, or the organisation does."""

    code = "calendar_in_use"
    template = _("“%(calendar)s” is in use. Let what uses it count by another calendar first.")


class DirectoryAway(Exception):
    """No server of the directory answers as it should. Nobody's password was wrong."""


class WrongDuty(DomainError):
    """A plan of duties that cannot be; `fields` says why."""

    code = "wrong_duty"
    status = 400
    template = _("Some of this is not right. Nothing was changed.")


class CannotBeOnDuty(DomainError):
    """Whoever is called must be able to take over."""

    code = "cannot_be_on_duty"
    template = _("“%(person)s” does not work on incidents, so nobody could take over. Choose somebody who does.")


class RosterInUse(DomainError):
    """A roster that somebody counts on."""

    code = "roster_in_use"
    template = _("The policy “%(policy)s” calls whoever is on duty here. Change that policy first.")


class TooManyFeeds(DomainError):
    """More addresses than anybody keeps in view."""

    code = "too_many_feeds"
    template = _("There are %(limit)s addresses already. Revoke one first.")
