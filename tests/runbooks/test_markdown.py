"""What a plan's text may hold, and what a page makes of it."""

import time

import pytest

from readiness.services.beginnings import TEXTS
from runbooks.markdown import to_html

NEVER = (
    *("<script", "<img", "<iframe", "<style", "<svg", "<form", "<a onclick"),
    *('href="javascript', 'href="data', 'href="vbscript'),
)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](https://tracker.example/pixel.png)",
        "<iframe src='https://example.org'></iframe>",
        "<a href='x' onclick='alert(1)'>x</a>",
        "<style>body{display:none}</style>",
        "<svg/onload=alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        '[x](https://example.org "\\" onmouseover=alert(1)")',
        "<form action=/incidents/><button>x</button></form>",
        "&#60;script&#62;",
    ],
)
def test_nothing_in_a_text_becomes_a_program_or_leaves_the_house(hostile):
    html = to_html(hostile).lower()
    assert [piece for piece in NEVER if piece in html] == []


def test_what_plans_need_is_there():
    html = to_html(
        "# When\n\n1. **Stop** the job\n2. Call [5555](tel:5555)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n"
    )
    for piece in ("<h2>When</h2>", "<ol>", "<strong>Stop</strong>", 'href="tel:5555"', "<table>", "<hr"):
        assert piece in html
    assert 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize(
    "heavy",
    ["> " * 20_000, "[" * 50_000, "*" * 50_000, "`" * 50_000 + "x", "- " * 20_000, "|a" * 20_000, "\n" * 99_999],
)
def test_a_text_made_to_be_slow_is_not(heavy):
    began = time.process_time()
    to_html(heavy[:100_000])
    assert time.process_time() - began < 5


def test_headings_follow_the_one_above_them_whatever_the_writer_began_with():
    html = to_html("### When\n\n#### Who\n\n### Steps", below=2)
    assert [html.count(f"<h{level}>") for level in (2, 3, 4, 5)] == [0, 2, 1, 0]


@pytest.mark.parametrize(
    ("text", "strong"),
    [
        ("**值班经理：**宣布启用。", "值班经理："),
        ("恢复**“已证实”**的副本", "“已证实”"),
        ("恢复最新的**已证实**副本", "已证实"),
        ("**停止（立即）**导入", "停止（立即）"),
        ("**When?**立即", "When?"),
        ("请看**《预案》**EP-001", "《预案》"),
    ],
)
def test_emphasis_ends_beside_chinese_punctuation_too(text, strong):
    html = to_html(text)
    assert f"<strong>{strong}</strong>" in html
    assert "**" not in html


@pytest.mark.parametrize("text", ["a ** b", "2 * 3 * 4", "值 ** 班", "`**值：**宣`"])
def test_stars_that_stand_alone_stay(text):
    assert "<strong>" not in to_html(text)
    assert "<em>" not in to_html(text)


@pytest.mark.parametrize("file", sorted(TEXTS.glob("*.md")), ids=lambda file: file.name)
def test_no_plan_that_comes_with_the_product_shows_stars(file):
    assert "*" not in to_html(file.read_text(encoding="utf-8"))
