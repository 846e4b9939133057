"""Which files are taken in. The content decides what a file is; a name that says otherwise is refused.

Nothing is ever opened, unpacked or run here: only first and last bytes are looked at, and a few names that stand
uncompressed in archives. What is taken in is only ever saved by those who read it, never shown but as a picture.
"""

import re
from dataclasses import dataclass

from common.files import TEXT, Look, Readable
from incidents.errors import Disguised, EmptyFile, Program, WebPage

#: How much of the beginning and of the end is looked at. An archive's directory ends in its last 64 KB.
HEAD, TAIL = 4096, 65_557
#: Kind of content → what a file of it may be called.
ENDINGS = {
    "png": {"png"},
    "jpeg": {"jpg", "jpeg", "jpe", "jfif"},
    "gif": {"gif"},
    "webp": {"webp"},
    "bmp": {"bmp", "dib"},
    "tiff": {"tif", "tiff"},
    "heif": {"heic", "heif", "avif"},
    "pdf": {"pdf"},
    "ole": {"doc", "dot", "xls", "xlt", "ppt", "pps", "msg", "vsd", "mpp", "wps", "et", "dps"},
    "zip": {
        *("zip", "docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "vsdx", "odt", "ods", "odp", "odg", "ofd", "epub"),
        *("pages", "numbers", "key"),
    },
    "gzip": {"gz", "tgz"},
    "bzip2": {"bz2"},
    "xz": {"xz"},
    "zstd": {"zst"},
    "7z": {"7z"},
    "rar": {"rar"},
    "mp4": {"mp4", "m4v", "m4a", "mov", "qt", "3gp"},
    "matroska": {"webm", "mkv"},
    "ogg": {"ogg", "oga", "ogv", "opus"},
    "wav": {"wav"},
    "avi": {"avi"},
    "amr": {"amr"},
}
#: First bytes → kind of content.
BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"%PDF-": "pdf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\x1a\x45\xdf\xa3": "matroska",
    b"OggS": "ogg",
    b"#!AMR": "amr",
}
#: First bytes of what a machine runs: Windows, Linux, macOS, Java, Android, browsers, links, packages, disk images.
PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe"),
    *(b"\xcf\xfa\xed\xfe", b"\xbe\xba\xfe\xca", b"dex\n", b"\0asm", b"L\0\0\0\x01\x14\x02\0", b"!<arch>\n"),
    *(b"\xed\xab\xee\xdb", b"MSCF", b"xar!", b"ITSF", b"FWS", b"CWS", b"ZWS"),
)
#: What only programs in archives carry: Java, Android, macros of office documents.
IN_ARCHIVES = (b"META-INF/MANIFEST.MF", b"AndroidManifest.xml", b"vbaProject.bin", b"classes.dex")
LONGEST_IN_ARCHIVE = max(len(name) for name in IN_ARCHIVES)
#: Names under which computers run a file, or browsers run what is in it.
RUN = {
    *("exe", "dll", "scr", "com", "pif", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "mjs", "jse", "wsf", "wsh"),
    *("hta", "msi", "msp", "mst", "msix", "cpl", "jar", "war", "class", "apk", "dex", "app", "dmg", "pkg", "deb"),
    *("rpm", "iso", "img", "vhd", "vhdx", "lnk", "url", "scf", "reg", "sh", "bash", "zsh", "ksh", "csh", "fish"),
    *("command", "py", "pyc", "pyw", "rb", "pl", "php", "phtml", "asp", "aspx", "jsp", "cgi", "swf", "chm", "jnlp"),
    *("desktop", "docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "ppsm", "ppam", "so", "dylib", "wasm", "appimage"),
    "run",
}
WEB = {"html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xsl", "xslt"}
ALL_ENDINGS = frozenset().union(*ENDINGS.values())
#: How a web page or a drawing in code begins, whatever stands before it.
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|svg|iframe|object|embed)[\s>/]", re.IGNORECASE)
BRANDS_OF_PICTURES = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True)
class Seen:
    """What was seen of a whole file while it passed by."""

    head: bytes
    tail: bytes
    is_text: bool
    is_program_archive: bool


class Guarded:
    """A stream that refuses at its end, before anybody keeps it, what may not be taken in."""

    def __init__(self, stream: Readable, name: str) -> None:
        self._stream, self._name = stream, name
        self._look = Look()
        self._head = self._tail = b""
        self._is_program_archive = False

    def read(self, size: int, /) -> bytes:
        """The next bytes. Raises Program, WebPage, Disguised or EmptyFile where the last were read."""
        chunk = self._stream.read(size)
        if chunk:
            self._see(chunk)
        else:
            is_text = self._look.content_type() == TEXT
            check(Seen(self._head, self._tail, is_text, self._is_program_archive), self._name)
        return chunk

    def _see(self, chunk: bytes) -> None:
        self._look.at(chunk)
        self._head += chunk[: HEAD - len(self._head)]
        # A name may lie across two pieces.
        seam = self._tail[-LONGEST_IN_ARCHIVE:] + chunk
        self._is_program_archive |= any(name in seam for name in IN_ARCHIVES)
        self._tail = (self._tail + chunk)[-TAIL:]


def check(seen: Seen, name: str) -> None:
    """Raises Program, WebPage, Disguised or EmptyFile for what is not taken in."""
    if not seen.head:
        raise EmptyFile(name=name)
    kind, ending = kind_of(seen), _ending(name)
    if ending in RUN or kind == "program":
        raise Program(name=name)
    if ending in WEB or kind == "web":
        raise WebPage(name=name)
    if kind != "zip" and _hides_an_archive(seen.tail):
        raise Disguised(name=name)
    if ending and ending not in ENDINGS.get(kind, {ending}):
        raise Disguised(name=name)
    if kind == "" and ending in ALL_ENDINGS:
        raise Disguised(name=name)


def kind_of(seen: Seen) -> str:
    """One of `ENDINGS`, "program" or "web"; empty for texts, and for what nobody knows."""
    head = seen.head.removeprefix(b"\xef\xbb\xbf")
    for beginning, kind in BEGINNINGS.items():
        if head.startswith(beginning) and not (seen.is_text and kind in {"gzip", "bzip2"}):
            return "program" if kind == "zip" and seen.is_program_archive else kind
    if head.startswith(b"#!") or (not seen.is_text and head.startswith(PROGRAMS)):
        return "program"
    if seen.is_text:
        return "web" if _is_page(head) else ""
    return _of_container(head)


def _of_container(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "heif" if head[8:12] in BRANDS_OF_PICTURES else "mp4"
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12], "")
    return "bmp" if head[:2] == b"BM" and head[6:10] == bytes(4) else ""


def _is_page(head: bytes) -> bool:
    """Whether a text is one that a browser would show as a page or a drawing: mail and prose that quote one are not."""
    return head.lstrip().startswith(b"<") and PAGE.search(head) is not None


def _hides_an_archive(tail: bytes) -> bool:
    """Whether the file ends as a ZIP archive does: behind a picture, that is a second file."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    return int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail) - at - 22


def _ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""
