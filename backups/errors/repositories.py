"""What can be wrong with the place where copies lie."""

from django.utils.translation import gettext_lazy as _

from backups.errors.base import CouldNot


class RepositoryUnreachable(CouldNot):
    code = "repository_unreachable"
    about_repository = True
    template = _(
        "The repository “%(repository)s” cannot be reached: the folder %(location)s is not there. "
        "Mount it or make it again, then run this once more."
    )


class RepositoryGone(CouldNot):
    code = "repository_gone"
    about_repository = True
    template = _(
        "The folder %(location)s of the repository “%(repository)s” is there, but it is not the repository: the mark "
        "that Holdfast left in it is missing. The disk is probably not mounted. Mount it, then run this once more."
    )


class RepositoryForeign(CouldNot):
    code = "repository_foreign"
    about_repository = True
    template = _(
        "The folder %(location)s belongs to another repository. "
        "Give the repository “%(repository)s” a folder of its own."
    )


class RepositoryNoFolder(CouldNot):
    code = "repository_no_folder"
    about_repository = True
    template = _("%(location)s is not a folder. Give the repository “%(repository)s” the path of a folder.")


class RepositoryNotAllowed(CouldNot):
    code = "repository_not_allowed"
    about_repository = True
    template = _("Holdfast may not read or write %(location)s. Give the user that Holdfast runs as the right to it.")


class RepositoryNotWritable(CouldNot):
    code = "repository_not_writable"
    about_repository = True
    template = _(
        "The folder %(location)s of the repository “%(repository)s” is there, but it cannot be written to. "
        "Choose an ordinary folder, or give the user that Holdfast runs as the right to write."
    )


class RepositoryFull(CouldNot):
    code = "repository_full"
    about_repository = True
    template = _(
        "The disk of the repository “%(repository)s” (%(location)s) is full. Make room or keep fewer copies. "
        "The earlier copies are untouched."
    )


class RepositoryBroken(CouldNot):
    code = "repository_broken"
    about_repository = True
    template = _(
        "The repository “%(repository)s” (%(location)s) does not work: %(system)s. "
        "Look at the disk, then run this once more."
    )
