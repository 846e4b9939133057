"""What a mail in HTML says, as plain text. Nothing is fetched, nothing is run, nothing is shown as HTML again.

Read in one pass: programs that build a page of it take quadratic time on tags in tags.
"""

import html
import re
from collections.abc import Iterator

#: More than this of one part is not looked at.
LONGEST = 2 * 1024 * 1024
#: Each begins and ends a line.
BLOCKS = {"p", "div", "tr", "li", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}
CELLS = {"td", "th"}
#: What stands in them is no text.
DROPPED = {"script", "style", "title", "template", "noscript", "svg", "math", "xml"}
TAG = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:]*")


def text_of_html(content: str) -> str:
    """The words, with lines where the page has them. What others wrote before stands behind “> ”."""
    page = _Lines()
    for words, name, closes in _pieces(content[:LONGEST]):
        page.write(words)
        if name in BLOCKS or name in CELLS or name == "br":
            page.pass_tag(name, closes=closes)
    return page.text()


def _pieces(source: str) -> Iterator[tuple[str, str, bool]]:
    """(words, name of the tag behind them, whether it closes), from the beginning to the end."""
    # As long as the source letter by letter, whatever is made small: some letters become two.
    small = "".join(sign.lower() if sign.isascii() else sign for sign in source)
    at, begun = 0, 0
    while (at := source.find("<", at)) >= 0:
        tag = TAG.match(source, at + 1)
        if source.startswith("<!--", at):
            end = _behind(source, "-->", at + 4)
        elif tag or source[at + 1 : at + 2] in ("!", "?"):
            end = _behind(source, ">", at + 1)
        else:  # a sign like any other
            at += 1
            continue
        name = small[tag.start() : tag.end()] if tag else ""
        if name in DROPPED:
            end = _behind(small, ">", _behind(small, f"</{name}", end))
        yield source[begun:at], name.removeprefix("/"), name.startswith("/")
        at = begun = end
    yield source[begun:], "", False


def _behind(source: str, sign: str, start: int) -> int:
    """Where what follows the sign begins; the end, where it does not come any more."""
    at = source.find(sign, start)
    return at + len(sign) if at >= 0 else len(source)


class _Lines:
    """The lines of a page, as they are read out."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoted = self._pre = 0
        self._has_words = False

    def write(self, source: str) -> None:
        """Words. Line ends of the source mean nothing, but where the page says that they do."""
        if not source:
            return
        words = html.unescape(source)
        self._has_words |= not words.isspace()
        if self._pre:
            first, *others = words.split("\n")
            self._line.append(first)
            for other in others:
                self._end()
                self._line, self._has_words = [other], bool(other.strip())
        else:
            self._line.append(re.sub(r"\s+", " ", words))

    def pass_tag(self, name: str, *, closes: bool) -> None:
        """What a tag means for lines."""
        if name in CELLS:
            self._line.append(" ")
            return
        if name == "br" or self._has_words:
            self._end()
        step = -1 if closes else 1
        if name == "blockquote":
            self._quoted = max(0, self._quoted + step)
        elif name == "pre":
            self._pre = max(0, self._pre + step)
        elif name == "li" and not closes:
            self._line = ["• "]
        elif name in ("p", "h1", "h2", "h3", "h4", "h5", "h6") and closes:
            self._end()

    def text(self) -> str:
        """All of it, with no more than one empty line in a row."""
        self._end()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _end(self) -> None:
        words = "".join(self._line).strip() if not self._pre else "".join(self._line).rstrip()
        self._lines.append(f"> {words}" if self._quoted and words else words)
        self._line, self._has_words = [], False
