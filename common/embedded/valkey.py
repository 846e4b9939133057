"""One Valkey of our own: the broker and the cache, on a unix socket, kept in an append-only file."""

import signal
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import redis

from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.processes import own_folder, server_environment, servers_account, spawn, wait_until_gone
from common.embedded.wheels import valkey_binary


@dataclass
class Valkey:
    """A server in `folder`, listening only on `socket`. durable: whether a restart keeps the data."""

    folder: Path
    socket: Path
    copies: Path
    durable: bool = True

    @classmethod
    def of(cls, places: Places) -> "Valkey":
        """The server of an installation."""
        return cls(places.valkey, places.valkey_socket, places.servers)

    def start(
        self,
        *,
        output: IO[bytes] | int = subprocess.DEVNULL,
        seconds: float = 30,
        dies_with_us: signal.Signals | None = None,
    ) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it answers. dies_with_us: see `spawn`. Raises ServerError."""
        server = self.spawn(output=output, dies_with_us=dies_with_us)
        deadline = time.monotonic() + seconds
        while not self.answers():
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise ServerError(f"Valkey does not answer; its data is in {self.folder}.")
            time.sleep(0.02)
        return server

    def spawn(
        self, *, output: IO[bytes] | int = subprocess.DEVNULL, dies_with_us: signal.Signals | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start the server without waiting for it."""
        account = servers_account(self.folder)
        own_folder(self.folder, account)
        own_folder(self.socket.parent, account)
        server = spawn(
            [valkey_binary(account, self.copies), *self._options()],
            account=account,
            output=output,
            environment=server_environment(),
            dies_with_us=dies_with_us,
        )
        self._note().write_text(str(server.pid), encoding="ascii")
        return server

    def running(self) -> psutil.Process | None:
        """The server that runs in this folder now, whoever started it."""
        try:
            process = psutil.Process(int(self._note().read_text(encoding="ascii")))
            # The server rewrites its title, to "…valkey-server unixsocket:PATH".
            ours = str(self.socket) in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def stop(self, *, seconds: float = 10) -> None:
        """Stop the server, whoever started it, after it has written its data. Twice is once."""
        server = self.running()
        if server is None:
            return
        server.terminate()
        if not wait_until_gone(self.running, seconds):
            server.kill()
            wait_until_gone(self.running, 5)

    def answers(self) -> bool:
        """Whether it takes commands now; while it reads its file after a crash it does not."""
        with closing(redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _note(self) -> Path:
        return self.folder / "server.pid"

    def _options(self) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.folder),
            "--appendonly": "yes" if self.durable else "no",
            # What a crash cut off at the very end of the file is dropped, never a reason not to start.
            "--aof-load-truncated": "yes",
            "--save": "",
            "--daemonize": "no",
            "--maxmemory-policy": "noeviction",
            "--loglevel": "warning",
        }
        return [part for pair in options.items() for part in pair]
