"""Markdown as plans are written in it, to HTML that is safe to put on a page."""

import unicodedata

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis

DEEPEST_HEADING = 6
TAGS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "hr",
        "br",
    ),
    *("a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": set()}
SCHEMES = {"http", "https", "mailto", "tel"}
#: Deeper nesting is no plan but an attempt.
DEEPEST_NESTING = 20


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Stars beside Chinese, Japanese or Korean letters and punctuation begin and end emphasis like anywhere else.

    CommonMark looks for spaces around words, which these scripts do not have: **经理：**宣布 would keep its stars.
    """
    start, known = state.pos, len(state.delimiters)
    is_taken = emphasis.tokenize(state, silent)
    before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
    if is_taken and state.src[start] == "*" and (_is_wide(before) or _is_wide(after)):
        for delimiter in state.delimiters[known:]:
            delimiter.open = delimiter.open or _is_ink(after)
            delimiter.close = delimiter.close or _is_ink(before)
    return is_taken


def _is_wide(letter: str) -> bool:
    return letter != "" and unicodedata.east_asian_width(letter) in {"W", "F"}


def _is_ink(letter: str) -> bool:
    return letter != "" and not letter.isspace()


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": DEEPEST_NESTING}).enable(
    ["table", "strikethrough"]
)
_markdown.inline.ruler.at("emphasis", _emphasis)


def to_html(text: str, *, below: int = 1) -> SafeString:
    """HTML of a plan's text. Raw HTML in it is shown as text; what remains is allowed tag by tag.

    below: the level of the heading that stands above it; the text's own highest follows next.
    """
    tokens = _markdown.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1:]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1:]) - highest + below + 1, DEEPEST_HEADING)}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer")
    return mark_safe(clean)  # noqa: S308  cleaned in the line above
