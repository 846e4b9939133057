"""What is refused when backups are set up."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class PolicyUnknown(DomainError):
    code = "policy_unknown"
    status = 404
    template = _("There is no backup policy “%(policy)s”.")


class WrongPolicy(DomainError):
    code = "wrong_policy"
    status = 400
    template = _("The backup policy was not stored. See what is said at each field.")
    fixed_once_used = _("Copies of this policy depend on it, so it cannot be changed. Make another policy instead.")
    fixed_for_own = _("By this policy Holdfast saves itself, so this cannot be changed.")
    several_sources = _("This policy has several sources. Give all of them, as “sources”.")
    told_twice = _("Give either “sources”, or “source”, “engine” and “password” of the one that there is.")
    number_of_sources = _("A policy has at least one source and at most 20.")
    same_name = _("Two sources have the same name. Give each one of its own.")
    wrong_password = _("A password has at most 1000 characters and no NUL character.")


class WrongRepository(DomainError):
    code = "wrong_repository"
    status = 400
    template = _("The repository was not stored. See what is said at each field.")


class RepositoryInUse(DomainError):
    code = "repository_in_use"
    template = _("Copies lie in this repository, so its place cannot be changed. Make another repository instead.")
