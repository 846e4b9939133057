"""Bytes of a mail as text, whatever they are said to be, and often are not."""

import codecs
import re

from common.text import storable

#: What mails are written in. Other codecs of Python are no charsets, and some of them cost.
KNOWN = re.compile(
    r"utf-?(8|16|32)(-?[bl]e)?(-sig)?|us-?ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d|(windows|cp)-?\d{3,5}|koi8-[rut]|"
    r"gb2312|gbk|gb18030|hz(-gb-2312)?|big5(-?hkscs)?|euc-(jp|kr|cn)|shift[_-]?jis|iso-2022-(jp|kr|cn)(-\w+)?|"
    r"ks_c_5601(-1987)?|tis-620|macintosh|mac-?roman"
)
#: Names under which programs write more than the name allows.
WIDER = {
    **dict.fromkeys(("gb2312", "gbk", "euc-cn", "cp936", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("ks_c_5601-1987", "ks_c_5601", "euc-kr"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    "iso-2022-jp": "iso2022_jp_ext",
    "hz-gb-2312": "hz",
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ESCAPE = b"\x1b"


def text_of(content: bytes, charset: str = "") -> str:
    """The text, with every line end as \\n. What cannot be read becomes a replacement sign; nothing is ever refused."""
    return storable(_decoded(content, charset).replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes, charset: str) -> str:
    for mark, codec in MARKS:
        if content.startswith(mark):
            return content.decode(codec, errors="replace")
    named = _codec(charset)
    for codec in (*_guessed(content, named), named):
        if (text := _strictly(content, codec)) is not None:
            return text
    # Nothing fits: most Chinese programs that say nothing write this, else as much as can be read is kept.
    wide = _strictly(content, "gb18030") if not named or named == "utf-8" else None
    return wide if wide is not None else content.decode(named or "utf-8", errors="replace")


def _guessed(content: bytes, named: str) -> list[str]:
    """What bytes show of themselves, whatever they are said to be."""
    if named.startswith("utf-16") and content.count(0) * 8 < len(content):
        return ["utf-8"]
    if content.count(0) * 4 > len(content) and not named.startswith(("utf-16", "utf-32")):
        return ["utf-16-be" if content[:1] == b"\0" else "utf-16-le"]
    # Hardly anything but UTF-8 happens to be valid UTF-8; escapes and pure ASCII may mean something else.
    return ["utf-8"] if ESCAPE not in content and not content.isascii() else []


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec) if codec else None
    except (UnicodeError, LookupError):
        return None


def _codec(charset: str) -> str:
    """The codec of a charset by the name that a mail gives it; empty for what is none."""
    name = charset.strip().strip("\"'").lower()[:40]
    name = WIDER.get(name, name)
    if name not in WIDER.values() and not KNOWN.fullmatch(name):
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
