"""A dump as text is a program for psql, and psql can run commands of the host. It is fed behind \\restrict.

A dump that brings a \\restrict pair of its own loses it on the way: only we choose the key, and nobody can guess it.
"""

import os
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from backups.adapters.postgres.archive import TAIL_BYTES
from backups.adapters.postgres.cluster import Cluster
from backups.adapters.processes import Finished
from backups.adapters.sandbox import Put, opened

OPENING = re.compile(rb"^\\(?=restrict ([A-Za-z0-9]+)\r?$)", re.MULTILINE)
CLOSING = re.compile(rb"^\\(?=unrestrict ([A-Za-z0-9]+)\r?$)", re.MULTILINE)

#: pg_dump writes its own \restrict within these first bytes.
HEAD_BYTES = 1024

CHUNK = 1024 * 1024


def feed(cluster: Cluster, dump: Put) -> Finished:
    """Run a plain dump through psql in the sandbox, all of it or nothing."""
    flags = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--single-transaction", "--file=-"]
    with _behind_restrict(cluster.box.folder / dump.name) as stream:
        return cluster.box.run(
            [cluster.server.beside("psql"), *flags],
            env=cluster.connection(),
            stdin=stream,
            secrets=cluster.secrets,
            roots=cluster.server.roots,
        )


@contextmanager
def _behind_restrict(path: Path) -> Iterator[BinaryIO]:
    """The dump between our own \\restrict and \\unrestrict, as a pipe."""
    key = secrets.token_hex(16).encode()
    reading, writing = os.pipe()
    with opened(path) as dump, os.fdopen(reading, "rb") as stream:
        pump = threading.Thread(target=_pump, args=(dump, writing, key, _own_pair(dump)), daemon=True)
        pump.start()
        try:
            yield stream
        finally:
            stream.close()  # nobody reads any more, so the pump ends
            pump.join()


def _own_pair(dump: BinaryIO) -> tuple[int, ...]:
    """Where `\\r` and `\\u` of the dump's own pair stand, if it has one: as `--` each line is a comment."""
    head = dump.read(HEAD_BYTES)
    end = dump.seek(0, os.SEEK_END)
    start = max(0, end - TAIL_BYTES)
    dump.seek(start)
    tail = dump.read()
    dump.seek(0)
    opening = OPENING.search(head)
    closings = [closing for closing in CLOSING.finditer(tail) if opening and closing[1] == opening[1]]
    if opening is None or not closings:
        return ()
    first, last = opening.start(), start + closings[-1].start()
    return (first, first + 1, last, last + 1)


def _pump(dump: BinaryIO, writing: int, key: bytes, blanked: tuple[int, ...]) -> None:
    with suppress(BrokenPipeError), os.fdopen(writing, "wb") as pipe:
        pipe.write(b"\\restrict " + key + b"\n")
        at = 0
        while chunk := bytearray(dump.read(CHUNK)):
            for place in blanked:
                if at <= place < at + len(chunk):
                    chunk[place - at] = ord("-")
            pipe.write(chunk)
            at += len(chunk)
        pipe.write(b"\n\\unrestrict " + key + b"\n")
