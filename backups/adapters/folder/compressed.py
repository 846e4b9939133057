"""Reading and writing zstd, piece by piece: however well something is compressed, no more than a piece is in memory."""

import sys
from typing import BinaryIO

from backups.adapters.folder.errors import ArchiveDamaged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: As fast as the disk, and with the check sum, without which most flipped bits go unseen.
OPTIONS: dict[int, int] = {zstd.CompressionParameter.compression_level: 3, zstd.CompressionParameter.checksum_flag: 1}
#: A frame that wants more memory than this to be unpacked is none of ours.
LARGEST_WINDOW_LOG = 23

PIECE = 1024 * 1024


class Packing:
    """Writes one frame."""

    def __init__(self, target: BinaryIO) -> None:
        self.target, self._packer = target, zstd.ZstdCompressor(options=OPTIONS)

    def write(self, piece: bytes) -> None:
        self.target.write(self._packer.compress(piece))

    def end(self) -> None:
        self.target.write(self._packer.flush())


class Unpacking:
    """Reads one frame to its end, and to the end of the file. Raises ArchiveDamaged."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        bounds: dict[int, int] = {zstd.DecompressionParameter.window_log_max: LARGEST_WINDOW_LOG}
        self._unpacker = zstd.ZstdDecompressor(options=bounds)

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        parts: list[bytes] = []
        while size:
            piece = self._piece(min(size, PIECE))
            parts.append(piece)
            size -= len(piece)
        return b"".join(parts)

    def end(self) -> None:
        """Nothing may follow."""
        if not self._unpacker.eof and self._unpacked(1):
            raise ArchiveDamaged
        if not self._unpacker.eof or self._unpacker.unused_data or self.source.read(1):
            raise ArchiveDamaged

    def _piece(self, most: int) -> bytes:
        if self._unpacker.eof or not (piece := self._unpacked(most)):
            raise ArchiveDamaged
        return piece

    def _unpacked(self, most: int) -> bytes:
        """Some bytes; none only at the end of the frame or of the file."""
        try:
            while not self._unpacker.eof:
                given = self.source.read(PIECE) if self._unpacker.needs_input else b""
                if self._unpacker.needs_input and not given:
                    return b""
                if piece := self._unpacker.decompress(given, most):
                    return piece
        except zstd.ZstdError as error:
            raise ArchiveDamaged from error
        return b""
