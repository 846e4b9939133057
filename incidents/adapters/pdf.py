"""A document as PDF that carries its font, so that it can be read in ten years and on any machine."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from common import fonts
from common.text import UNSAFE

#: Reportlab has it by name; a viewer needs its own. Only where no font can be carried.
NOT_CARRIED = "STSong-Light"
CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
#: A paragraph longer than this is cut into several: one has to fit into memory, and a word has no end.
PIECE = 2_000


@dataclass(frozen=True)
class Title:
    text: str


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Line:
    """One fact: its name and what it is."""

    name: str
    text: str


@dataclass(frozen=True)
class Text:
    """What a person wrote, with its line breaks."""

    text: str


Block = Title | Heading | Line | Text


def write(blocks: Iterable[Block], *, title: str, foot: str) -> bytes:
    """The document. foot: what stands under each page, before its number."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    listed = list(blocks)
    has_chinese = any(CJK.search(f"{getattr(block, 'name', '')}{block.text}") for block in listed)
    font, is_carried = _font(has_chinese)
    if not is_carried:
        note = _("This document does not carry its font: none that can be put into a document is installed.")
        listed.insert(1, Text(note))
    listed, foot = [_shown(block, font) for block in listed], _named(_safe(foot), font)
    styles = _styles(font)
    sink = io.BytesIO()
    made = SimpleDocTemplate(
        sink,
        pagesize=A4,
        title=_safe(title),
        author="Holdfast",
        topMargin=48,
        bottomMargin=56,
        initialFontName=font,
    )

    def under(canvas: Any, page: Any) -> None:
        canvas.setFont(font, 7.5)
        canvas.drawString(page.leftMargin, 34, foot[:140])
        canvas.drawRightString(A4[0] - page.rightMargin, 34, str(page.page))

    made.build(
        [part for block in listed for part in _parts(block, styles)],
        onFirstPage=under,
        onLaterPages=under,
    )
    return sink.getvalue()


def _font(has_chinese: bool) -> tuple[str, bool]:
    """The name of a font that is known from now on, and whether the document carries it."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    for path in (fonts.chinese(), None if has_chinese else fonts.latin()):
        if path is None:
            continue
        if path.stem in pdfmetrics.getRegisteredFontNames():
            return path.stem, True
        try:
            pdfmetrics.registerFont(TTFont(path.stem, str(path)))
        except (TTFError, OSError):
            continue
        return path.stem, True
    pdfmetrics.registerFont(UnicodeCIDFont(NOT_CARRIED))
    return NOT_CARRIED, False


def _shown(block: Block, font: str) -> Block:
    """The same with nothing in it that would leave a gap."""
    if isinstance(block, Line):
        return Line(_named(_safe(block.name), font), _named(_safe(block.text), font))
    return type(block)(_named(_safe(block.text), font))


def _named(text: str, font: str) -> str:
    """A character that the font does not have is named by its number: evidence must not lose one without a word."""
    from reportlab.pdfbase import pdfmetrics

    known = getattr(pdfmetrics.getFont(font).face, "charToGlyph", None)
    if known is None:
        return text
    return "".join(sign if sign.isspace() or ord(sign) in known else f"[U+{ord(sign):04X}]" for sign in text)


def _styles(font: str) -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle("text", fontName=font, fontSize=9.5, leading=14, spaceAfter=4)
    return {
        "text": text,
        "said": ParagraphStyle("said", parent=text, leftIndent=12),
        "heading": ParagraphStyle("heading", parent=text, fontSize=13, leading=18, spaceBefore=12, keepWithNext=1),
        "title": ParagraphStyle("title", parent=text, fontSize=18, leading=24, spaceAfter=10),
    }


def _parts(block: Block, styles: dict[str, Any]) -> Iterator[Any]:
    if isinstance(block, Title):
        yield _paragraph(_marked(block.text), styles["title"])
    elif isinstance(block, Heading):
        yield _paragraph(_marked(block.text), styles["heading"])
    elif isinstance(block, Line):
        head = f'<font color="#5b6b72">{_marked(block.name)}</font>'
        yield _paragraph(f"{head}  {_marked(block.text)}", styles["text"])
    else:
        for line in block.text.splitlines():
            for start in range(0, len(line), PIECE):
                yield _paragraph(_marked(line[start : start + PIECE]), styles["said"])


def _paragraph(marked: str, style: Any) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    # Chinese breaks anywhere, and so must a word that is longer than a line.
    if CJK.search(marked) or re.search(r"\S{60}", marked):
        style = ParagraphStyle(f"{style.name}-cjk", parent=style, wordWrap="CJK")
    return Paragraph(marked, style)


def _marked(text: str) -> str:
    return escape(_safe(text))


def _safe(text: str) -> str:
    return UNSAFE.sub("\ufffd", text)
