"""Watches what a sandbox takes from the host, and ends it before the disk is full or the memory is gone.

A limit on the size of one file does not bound many files, and one on a process none on many processes: so the whole
folder, its volume and the host's memory are looked at while it is in use.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from backups.adapters.errors import DiskFull, DiskLimit, MemoryLimit, ToolError
from backups.adapters.sandbox.limits import Limits

LOOK_EVERY_SECONDS = 0.25

#: Measuring a folder takes time: how long to leave between two measurements, as a multiple of that time.
REST = 10


class Guard:
    """Looks at a folder, its volume and the host from a thread. At the first bound `on_over` is called, once."""

    def __init__(self, folder: Path, limits: Limits, on_over: Callable[[], None]) -> None:
        self.folder, self.limits, self.on_over = folder, limits, on_over
        self._over: type[ToolError] | None = None
        self._stop = threading.Event()
        self._measure_at = 0.0
        self._thread = threading.Thread(target=self._run, name=f"guard of {folder.parent.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def verdict(self) -> ToolError | None:
        """What was too much, if anything was."""
        if self._over is None:
            return None
        return DiskLimit(limit_bytes=self.limits.disk_bytes) if self._over is DiskLimit else self._over()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY_SECONDS):
            self._over = self._look()
            if self._over is not None:
                self.on_over()
                return

    def _look(self) -> type[ToolError] | None:
        try:
            if free_bytes(self.folder) < self.limits.keep_free_bytes:
                return DiskFull
        except OSError:
            return None  # it is being removed
        if psutil.virtual_memory().available < self.limits.keep_free_memory_bytes:
            return MemoryLimit
        return DiskLimit if self._is_folder_over() else None

    def _is_folder_over(self) -> bool:
        if not self.limits.disk_bytes or time.monotonic() < self._measure_at:
            return False
        started = time.monotonic()
        size = used_bytes(self.folder, most=self.limits.disk_bytes, most_entries=self.limits.entries)
        self._measure_at = time.monotonic() + REST * (time.monotonic() - started)
        return size > self.limits.disk_bytes


def free_bytes(folder: Path) -> int:
    """What the volume of a folder still holds."""
    return shutil.disk_usage(folder).free


def used_bytes(folder: Path, *, most: int, most_entries: int) -> int:
    """What lies in the folder, in allocated bytes, links not followed. Stops counting beyond `most`.

    More entries than may be count as more bytes than may be.
    """
    size, entries, waiting = 0, 0, [os.fspath(folder)]
    while waiting and size <= most:
        try:
            with os.scandir(waiting.pop()) as found:
                for entry in found:
                    entries += 1
                    if entries > most_entries:
                        return most + 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue  # gone in the meantime, or a path too long to be told: the volume is watched too
    return size
