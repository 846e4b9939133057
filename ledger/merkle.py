"""The Merkle tree of RFC 6962 over digests, one leaf at a time, in memory that grows with its height only."""

from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"


class Tree:
    """Takes the digests of a batch in their order, and gives the root."""

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[bytes] = []

    def add(self, digest: str) -> None:
        self._peaks.append(sha256(LEAF + bytes.fromhex(digest)).digest())
        self.count += 1
        for _height in range((self.count & -self.count).bit_length() - 1):
            self._join()

    def root(self) -> str:
        """The root over all leaves so far, as hex; the tree is used up."""
        while len(self._peaks) > 1:
            self._join()
        return self._peaks[0].hex() if self._peaks else sha256().hexdigest()

    def _join(self) -> None:
        right, left = self._peaks.pop(), self._peaks.pop()
        self._peaks.append(sha256(NODE + left + right).digest())
