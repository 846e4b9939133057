"""Which repository is meant, and what the system's refusals mean for it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from backups.errors import (
    RepositoryBroken,
    RepositoryFull,
    RepositoryNoFolder,
    RepositoryNotAllowed,
    RepositoryUnreachable,
    RunError,
)

#: What the system's refusals mean for a repository; anything else is told as the system says it.
MEANING: dict[int, type[RunError]] = {
    errno.ENOENT: RepositoryUnreachable,
    errno.ENOTDIR: RepositoryNoFolder,
    errno.EACCES: RepositoryNotAllowed,
    errno.EPERM: RepositoryNotAllowed,
    errno.EROFS: RepositoryNotAllowed,
    errno.ENOSPC: RepositoryFull,
    errno.EDQUOT: RepositoryFull,
}


@dataclass(frozen=True)
class Place:
    """Which repository is meant, and where it should be."""

    id: str
    name: str
    location: str

    def refuse(self, error: OSError) -> NoReturn:
        """Raise what the system said as a sentence about this repository."""
        kind = MEANING.get(error.errno or 0)
        if kind is None:
            raise RepositoryBroken(
                repository=self.name, location=self.location, system=error.strerror or type(error).__name__
            ) from error
        raise kind(repository=self.name, location=self.location) from error


@contextmanager
def in_words(place: Place) -> Iterator[None]:
    """What the system refuses inside the block is told as a sentence about the repository."""
    try:
        yield
    except OSError as error:
        place.refuse(error)
