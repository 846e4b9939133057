"""A repository that is a folder of this host.

    .holdfast-repository        the mark: which repository this folder is
    .partial/<attempt>/         a copy that is being made; never counted as one
    <policy>/<UTC stamp>-<run>/ a finished copy: database.dump, files.tar, manifest.json

A copy appears whole by one rename, or not at all. Everything below the folder is opened without following
links, and only ordinary files are read: what lies in a repository may have been put there by anybody.
"""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path

from backups.adapters.place import Place, in_words
from backups.errors import (
    CopyMissing,
    FileMissing,
    NotARegularFile,
    RepositoryForeign,
    RepositoryGone,
    RepositoryNotWritable,
)

MARK = ".holdfast-repository"
PARTIAL = ".partial"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 32 * 1024 * 1024

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
ORDINARY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
#: Said of a new file in a folder that is open: /proc, for one, claims that the file is not there.
NOT_WRITABLE = {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS}
IS_A_LINK_OR_ODD = {errno.ELOOP, errno.ENXIO, errno.ENOTDIR, errno.EISDIR, errno.EMLINK}


@contextmanager
def opened(place: Place, *, is_new: bool) -> Iterator["Folder"]:
    """The repository, ready to be used. Raises a sentence when it is away or is not the one that is meant.

    is_new: no copy was ever stored in it, so that the folder may be made and marked now. A folder without its
    mark that should hold copies is an empty mount point, and is not written to.
    """
    with in_words(place):
        if is_new:
            Path(place.location).mkdir(mode=0o700, exist_ok=True)
        root = os.open(place.location, FOLDER)
    try:
        folder = Folder(place, root)
        folder.check_mark(is_new=is_new)
        yield folder
    finally:
        os.close(root)


class Folder:
    """A repository whose folder is open."""

    def __init__(self, place: Place, root: int) -> None:
        self.place, self.root = place, root

    def check_mark(self, *, is_new: bool) -> None:
        """Raises when the folder is not this repository."""
        with in_words(self.place):
            try:
                with os.fdopen(os.open(MARK, ORDINARY, dir_fd=self.root), "rb") as file:
                    found = file.read(100).decode(errors="replace").strip()
            except FileNotFoundError:
                found = self._mark() if is_new else ""
        if not found:
            raise RepositoryGone(repository=self.place.name, location=self.place.location)
        if found != self.place.id:
            raise RepositoryForeign(repository=self.place.name, location=self.place.location)

    @contextmanager
    def staged(self, attempt: str) -> Iterator[Path]:
        """A fresh folder for one copy in the making. Whatever is still in it at the end is removed."""
        with in_words(self.place):
            self._make(PARTIAL)
            with self._folder(PARTIAL) as partial:
                shutil.rmtree(attempt, ignore_errors=True, dir_fd=partial)
                os.mkdir(attempt, 0o700, dir_fd=partial)
        try:
            yield Path(self.place.location) / PARTIAL / attempt
        finally:
            self.discard(attempt)

    def publish(self, attempt: str, name: str) -> None:
        """Turn the staged copy into a copy of that name, whole and on the disk, by one rename."""
        policy, copy = _two(name)
        with in_words(self.place):
            self._make(policy)
            with self._folder(PARTIAL) as partial, self._folder(policy) as target:
                _flush(partial, attempt)
                os.rename(attempt, copy, src_dir_fd=partial, dst_dir_fd=target)
                os.fsync(target)
                os.fsync(self.root)

    def discard(self, attempt: str) -> None:
        """Remove what an unfinished attempt staged. Safe to call twice, and when the folder is gone."""
        try:
            with self._folder(PARTIAL) as partial:
                shutil.rmtree(attempt, ignore_errors=True, dir_fd=partial)
        except OSError:
            return

    def unfinished(self) -> list[str]:
        """The names under which something is staged."""
        try:
            with self._folder(PARTIAL) as partial:
                return _names(partial)
        except OSError:
            return []

    def names(self, policy: str) -> list[str]:
        """The names of all folders of a policy, `<policy>/<copy>`."""
        try:
            with self._folder(policy) as folder:
                return [f"{policy}/{name}" for name in sorted(_names(folder))]
        except OSError:
            return []

    def set_aside(self, name: str) -> str:
        """Take one copy out of the policy's folder, by one rename. Returns the name under which it waits for `discard`.

        A copy that is not there is fine.
        """
        policy, copy = _two(name)
        aside = f"removed-{policy}-{copy}"
        self.discard(aside)
        with in_words(self.place):
            self._make(PARTIAL)
            try:
                with self._folder(policy) as source, self._folder(PARTIAL) as partial:
                    os.rename(copy, aside, src_dir_fd=source, dst_dir_fd=partial)
            except FileNotFoundError:
                return aside
        return aside

    def remove(self, name: str) -> None:
        """Remove one copy. Nothing to remove is fine."""
        aside = self.set_aside(name)
        with in_words(self.place), suppress(FileNotFoundError), self._folder(PARTIAL) as partial:
            shutil.rmtree(aside, dir_fd=partial)

    @contextmanager
    def file(self, name: str, file_name: str) -> Iterator[BufferedReader]:
        """One ordinary file of a copy, open for reading. Links, pipes and devices are refused, not opened."""
        with self._copy(name) as folder:
            try:
                handle = os.open(file_name, ORDINARY, dir_fd=folder)
            except FileNotFoundError as error:
                raise FileMissing(copy=name, file=file_name) from error
            except OSError as error:
                if error.errno in IS_A_LINK_OR_ODD:
                    raise NotARegularFile(copy=name, file=file_name) from error
                self.place.refuse(error)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise NotARegularFile(copy=name, file=file_name)
        with os.fdopen(handle, "rb") as stream:
            yield stream

    def size(self, name: str, file_name: str) -> int:
        """Bytes of one file of a copy."""
        with self.file(name, file_name) as stream:
            return os.fstat(stream.fileno()).st_size

    def sha256(self, name: str, file_name: str) -> str:
        """The digest of one file of a copy."""
        with self.file(name, file_name) as stream, in_words(self.place):
            return file_digest(stream, "sha256").hexdigest()

    def manifest(self, name: str) -> bytes:
        """The list of contents that was stored with a copy."""
        with self.file(name, MANIFEST) as stream, in_words(self.place):
            return stream.read(LARGEST_MANIFEST)

    @contextmanager
    def _copy(self, name: str) -> Iterator[int]:
        policy, copy = _two(name)
        try:
            with self._folder(policy) as parent:
                handle = os.open(copy, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
        except FileNotFoundError as error:
            raise CopyMissing(copy=name) from error
        except OSError as error:
            if error.errno in IS_A_LINK_OR_ODD:
                raise NotARegularFile(copy=name, file=copy) from error
            self.place.refuse(error)
        try:
            yield handle
        finally:
            os.close(handle)

    def _mark(self) -> str:
        try:
            handle = os.open(MARK, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=self.root)
        except OSError as error:
            if error.errno not in NOT_WRITABLE:
                raise
            raise RepositoryNotWritable(repository=self.place.name, location=self.place.location) from error
        with os.fdopen(handle, "w") as file:
            file.write(f"{self.place.id}\n")
        return self.place.id

    def _make(self, name: str) -> None:
        try:
            os.mkdir(name, 0o700, dir_fd=self.root)
        except FileExistsError:
            return

    @contextmanager
    def _folder(self, name: str) -> Iterator[int]:
        handle = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=self.root)
        try:
            yield handle
        finally:
            os.close(handle)


def _flush(partial: int, attempt: str) -> None:
    """Put every file of a staged copy, and their names, on the disk."""
    folder = os.open(attempt, FOLDER | os.O_NOFOLLOW, dir_fd=partial)
    try:
        for name in _names(folder):
            file = os.open(name, ORDINARY, dir_fd=folder)
            try:
                os.fsync(file)
            finally:
                os.close(file)
        os.fsync(folder)
    finally:
        os.close(folder)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _two(name: str) -> tuple[str, str]:
    """`<policy>/<copy>` in its two parts; a name that would leave the repository is none."""
    parts = name.split("/")
    if len(parts) != 2 or any(part in {"", ".", ".."} or part.startswith(".") for part in parts):
        raise CopyMissing(copy=name)
    return parts[0], parts[1]
