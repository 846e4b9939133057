"""Files kept beside the database, as one archive of ordinary files: packed, checked, and read back with care.

Every file is stored under its own digest (`<first two>/<sha256>`), so that an archive can be checked by itself.
"""

import os
import re
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import IO

from backups.errors import TarBroken

FILES = "files.tar"
STORED = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})")
#: A tar ends with two blocks of zeros; cut between two members it would otherwise look whole.
END_OF_TAR = bytes(1024)


@dataclass(frozen=True)
class Packed:
    """What an archive holds."""

    members: int
    content_bytes: int


def pack(folder: Path, target: Path) -> Packed:
    """Write every stored file below the folder into one archive. A folder that is not there yet is an empty archive."""
    members = content = 0
    with tarfile.open(target, "x", format=tarfile.PAX_FORMAT) as archive:
        for name, stream in _ordinary_files(folder):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(stream.fileno()).st_size, 0o600
            archive.addfile(entry, stream)
            members, content = members + 1, content + entry.size
    return Packed(members, content)


def check_tar(stream: BufferedReader, *, members: int) -> Packed:
    """Read an archive to its end and hold every file against the digest in its name. Raises TarBroken."""
    found = content = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                name, file = STORED.fullmatch(entry.name), archive.extractfile(entry) if entry.isreg() else None
                if name is None or file is None or _sha256(file) != name[1]:
                    raise TarBroken(file=FILES)
                found, content = found + 1, content + entry.size
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise TarBroken(file=FILES) from error
    if found != members or not _ends_whole(stream):
        raise TarBroken(file=FILES)
    return Packed(found, content)


def unpacked(folder: Path) -> Packed:
    """What an unpacked archive holds, every file held against the digest in its name. Raises TarBroken."""
    members = content = 0
    for name, stream in _ordinary_files(folder):
        if _sha256(stream) != name[3:]:
            raise TarBroken(file=FILES)
        members, content = members + 1, content + os.fstat(stream.fileno()).st_size
    return Packed(members, content)


def _ordinary_files(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("??/*")):
        name = path.relative_to(folder).as_posix()
        if not STORED.fullmatch(name) or path.is_symlink():
            continue
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # nobody needed it any more, and it was removed since
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            continue
        with os.fdopen(handle, "rb") as stream:
            yield name, stream


def _sha256(file: IO[bytes]) -> str:
    return file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any readable file will do


def _ends_whole(stream: BufferedReader) -> bool:
    size = os.fstat(stream.fileno()).st_size
    if size < len(END_OF_TAR):
        return False
    stream.seek(size - len(END_OF_TAR))
    return stream.read() == END_OF_TAR
