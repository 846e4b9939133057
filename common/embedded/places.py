"""Where things lie below DATA_DIR, and who may enter."""

import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe

#: Unix sockets: sun_path holds 107 bytes and a closing zero; macOS holds 103.
LONGEST_SOCKET_PATH = 100

POSTGRES_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The folders of one installation."""

    data_dir: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own folder: its data, and its socket when the path is short enough."""
        return self.data_dir / "postgres"

    @property
    def postgres_sockets(self) -> Path:
        return self._sockets("postgres", POSTGRES_SOCKET)

    @property
    def demo(self) -> Path:
        """What the demo organisation's systems consist of: folders, and a database server of their own."""
        return self.data_dir / "demo"

    @property
    def demo_postgres(self) -> Path:
        return self.demo / "postgres"

    @property
    def demo_sockets(self) -> Path:
        return self._sockets("demo/postgres", POSTGRES_SOCKET)

    @property
    def valkey(self) -> Path:
        return self.data_dir / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self._sockets("valkey", "valkey.sock") / "valkey.sock"

    @property
    def run(self) -> Path:
        """Locks and notes of the processes that are up; nothing in it has to be kept."""
        return self.data_dir / "run"

    @property
    def secrets(self) -> Path:
        """Secrets that were made here because none were given."""
        return self.data_dir / "secrets"

    @property
    def servers(self) -> Path:
        """Copies of the servers' programs, where the originals cannot be entered."""
        return self.data_dir / "servers"

    def make(self) -> None:
        """Make the folders that are ours. Others can pass through DATA_DIR by name, and read nothing in it.

        A folder that was there before keeps its rights: it may hold more than Holdfast.
        """
        if not self.data_dir.is_dir():
            self.data_dir.mkdir(parents=True)
            self.data_dir.chmod(0o711)
        for folder in (self.run, self.secrets):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)

    def secret(self, name: str) -> str:
        """A secret made here once and kept in a file that only we can read. Safe when two ask at the same moment."""
        path = self.secrets / name
        if not path.exists():
            fresh = path.with_name(f"{name}.{token_hex(8)}")
            fresh.touch(mode=0o600)
            fresh.write_text(token_urlsafe(48), encoding="ascii")
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass  # somebody else was faster; theirs holds
            finally:
                fresh.unlink()
        return path.read_text(encoding="ascii").strip()

    def _sockets(self, server: str, name: str) -> Path:
        near = self.data_dir / server / "sockets"
        if len(os.fsencode(near / name)) <= LONGEST_SOCKET_PATH:
            return near
        mark = sha256(os.fsencode(near)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"holdfast-{os.geteuid()}-{mark}"
