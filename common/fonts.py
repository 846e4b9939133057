"""Fonts that documents can carry: TrueType outlines, of the system. Which one has Chinese is told by its name."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: Folders in the usual places where fonts lie.
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))
#: Files with Chinese, Japanese and Korean characters, the first is taken first.
CHINESE = (
    "wqy-microhei.tt?",
    "wqy-*.tt?",
    "NotoSansSC*.ttf",
    "SourceHanSans*.ttf",
    "DroidSansFallback*.ttf",
    "uming.ttc",
    "ukai.ttc",
)
#: Files with Latin, Greek and Cyrillic letters only.
LATIN = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf")
SFNT, COLLECTION = (b"\x00\x01\x00\x00", b"true"), b"ttcf"


def chinese() -> Path | None:
    """A font that a document in Chinese can carry. None: there is none here."""
    return next(_usable(CHINESE), None)


def latin() -> Path | None:
    """A font that a document without Chinese can carry."""
    return next(_usable(LATIN), None)


def _usable(names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        for folder in FOLDERS:
            yield from (path for path in sorted(folder.rglob(name)) if has_outlines(path))


@cache
def has_outlines(path: Path) -> bool:
    """Whether its outlines are TrueType's: others cannot be put into a document by us."""
    try:
        with path.open("rb") as file:
            beginning = file.read(16)
            if beginning[:4] == COLLECTION:
                file.seek(struct.unpack(">I", beginning[12:16])[0])
                beginning = file.read(4)
    except (OSError, struct.error):
        return False
    return beginning[:4] in SFNT
