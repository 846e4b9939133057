"""Mails are read whatever is in them: in bounded time, without surprises, and with the words whole."""

import time
from email.message import EmailMessage

import pytest

from incidents.mail.charsets import text_of
from incidents.mail.hypertext import text_of_html
from incidents.mail.letters import MOST_PARTS, Unreadable, read, read_head
from incidents.mail.quoting import answer_in, without_signature

CHINESE = "发票打印不出来，错误代码 0x80。"
JAPANESE = "プリンターが動きません。"


def of(*lines: str | bytes) -> bytes:
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)


def body(content: bytes, charset: str) -> str:
    kind = f"Content-Type: text/plain; charset={charset}" if charset else "Content-Type: text/plain"
    return read(of("From: a@example.org", kind, "Content-Transfer-Encoding: 8bit", "", content)).text


@pytest.mark.parametrize(
    ("written_in", "said_to_be"),
    [
        ("gb18030", "GB18030"),
        ("gb18030", "gb2312"),
        ("gbk", "gb2312"),
        ("gb18030", ""),
        ("gb18030", "utf-8"),
        ("utf-8", "gb2312"),
        ("utf-8", "us-ascii"),
        ("utf-8", "no-such-charset"),
        ("utf-16", "utf-8"),
        ("utf-16-le", "utf-16le"),
        ("utf-8-sig", "gbk"),
        ("hz", "hz-gb-2312"),
    ],
)
def test_chinese_is_read_in_whatever_it_is_written_and_said_to_be(written_in, said_to_be):
    assert body((CHINESE * 3).encode(written_in), said_to_be) == CHINESE * 3


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp"])
def test_japanese_is_read(charset):
    assert body(JAPANESE.encode(charset), charset) == JAPANESE


def test_words_in_utf_16_without_a_word_of_it_are_read():
    assert body("plain words".encode("utf-16-le"), "us-ascii") == "plain words"
    assert body("plain words".encode("utf-16-be"), "utf-8") == "plain words"
    assert body(b"plain words", "utf-16") == "plain words"


def test_traditional_chinese_and_european_letters_are_read():
    assert body("發票印不出來".encode("big5"), "big5") == "發票印不出來"
    assert body("Gefäß – „kaputt“".encode("cp1252"), "iso-8859-1") == "Gefäß – „kaputt“"


@pytest.mark.parametrize(
    "charset", ["idna", "unicode_escape", "rot13", "undefined", "zip", "../x", "utf-16" + "6" * 50]
)
def test_names_that_are_no_charsets_harm_nobody(charset):
    assert body(b"plain words", charset) == "plain words"


def test_what_nobody_can_read_is_still_text():
    assert text_of(bytes(range(256)) * 20, "utf-8")
    assert "\0" not in text_of(b"a\0b")


def test_a_subject_of_encoded_words_is_read_and_stays_on_one_line():
    head = read_head(of("Subject: =?gb2312?B?t6LGsbTy06E=?=", " =?utf-8?Q?_=E4=B8=8D=0D=0ABcc=3A_x?=", "", ""))
    assert head.subject == "发票打印 不 Bcc: x"
    assert read_head(of("Subject: =?utf-8?B?broken*?= x", "", "")).subject
    assert read_head(of(b"Subject: \xb7\xa2\xc6\xb1\xb4\xf2\xd3\xa1", "", "")).subject == "发票打印"


@pytest.mark.parametrize("sender", ["", "From: nobody", "From: <>", "From: a@b@c <x", f"From: {'a@' * 50000}"])
def test_a_sender_that_is_none_is_nobody(sender):
    assert "@b@" not in read_head(of(sender, "", "x")).sender


def test_bombs_of_headers_are_read_in_bounded_time():
    began = time.monotonic()
    for bomb in (
        b"To: " + b"a@example.org, " * 200_000,
        b"Subject: " + b"=?utf-8?B?YQ==?= " * 200_000,
        b"References: " + b"<a@b> " * 500_000,
        b"X: y\r\n" * 500_000,
        b"Content-Type: text/plain; " + b"a*0*=b; " * 50_000,
        b"Content-Type: multipart/mixed; boundary=" + b'"' * 100_000,
        b'From: "' + b"\\" * 500_000,
        b"From: " + b"(" * 500_000,
    ):
        letter = read(b"From: a@example.org\r\n" + bomb + b"\r\n\r\nbody")
        assert len(letter.subject) <= 250
    assert time.monotonic() - began < 20


def parts(count: int, *, kind: str = "text/plain") -> bytes:
    part = (
        b"--b\r\nContent-Type: " + kind.encode() + b"\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n"
    )
    return b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part * count + b"--b--\r\n"


def test_ten_thousand_parts_are_counted_and_not_all_read():
    letter = read(parts(10_000))
    assert (len(letter.files), letter.left_out) == (MOST_PARTS, 10_000 - MOST_PARTS)


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\ndeep\r\n"
    for number in range(depth):
        mark = f"b{number}".encode()
        inner = b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n" + inner
        inner += b"\r\n--" + mark + b"--\r\n"
    return b"From: a@example.org\r\n" + inner


def test_parts_in_parts_are_read_up_to_a_depth():
    assert read(nested(40)).text == "deep"
    assert read(nested(200)).sender == "a@example.org"
    with pytest.raises(Unreadable):
        read(nested(5000))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"no head at all",
        b"\r\n\r\n",
        of("Content-Type: multipart/mixed", "", "no boundary"),
        of("Content-Type: multipart/mixed; boundary=b", "", "--b", "--b--b--", "--b--"),
        of("Content-Type: text/plain; charset*=''%ff", "", "x"),
        of("Content-Type: text/plain; name*0*=a'b'%; name*1=x", "", "x"),
        of("Content-Transfer-Encoding: base64", "Content-Type: text/plain", "", "%%%not base64%%%"),
        of("Content-Transfer-Encoding: uuencode", "", "begin 644 x", "garbage"),
        of("Content-Type: message/rfc822", "", ""),
        of("Content-Type: message/delivery-status", "", "x"),
        of("Content-Type: message/external-body; access-type=URL; URL=http://x.example/", "", ""),
        of("Content-Type: ///;;;===", "Content-Disposition: ===;;", "", "x"),
        of("Subject: \ud800".encode("utf-8", "surrogatepass"), "", "x"),
        of("Content-Type: text/html", "", "<" * 50_000),
    ],
)
def test_broken_mails_are_read_as_far_as_can_be(raw):
    letter = read(raw)
    assert isinstance(letter.text, str)
    assert all(isinstance(each.content, bytes) and each.name for each in letter.files)


def test_the_plain_words_are_taken_and_not_the_page():
    mail = EmailMessage()
    mail.set_content("plain words")
    mail.add_alternative("<p>page</p>", subtype="html")
    assert read(bytes(mail)).text == "plain words"


def test_a_page_alone_is_read_as_words():
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>The <b>invoices</b>\n are gone.</p>"
        "<div>Since<br>Monday</div><ul><li>one</li><li>two</li></ul><script>alert(1)</script>"
        "<img src='http://tracker.example/x.gif'><!-- hidden --><pre>a\n  b</pre>&lt;x&gt;&amp;</body></html>"
    )
    assert text_of_html(page) == ("The invoices are gone.\n\nSince\nMonday\n• one\n• two\na\n  b\n<x>&")


@pytest.mark.parametrize(
    "bad", ["<div>" * 50_000, "<script>" * 50_000, "<!--" * 50_000, "<a " * 50_000, "<p><" * 50_000]
)
def test_pages_that_would_cost_do_not(bad):
    began = time.monotonic()
    text_of_html(bad)
    assert time.monotonic() - began < 5


def test_files_are_kept_by_safe_names_and_pictures_in_the_text_too():
    mail = EmailMessage()
    mail.set_content("see the pictures")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="../../屏幕 截图.png")
    mail.add_attachment(b"tnef", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    mail.add_attachment(b"GIF89a", maintype="image", subtype="gif", disposition="inline", cid="<a@b>")
    inner = EmailMessage()
    inner["Subject"] = "forwarded"
    inner.set_content("inner words")
    mail.add_attachment(inner)
    letter = read(bytes(mail))
    assert [each.name for each in letter.files] == ["屏幕 截图.png", "winmail.dat", "part-4.gif", "part-5.eml"]
    assert b"inner words" in letter.files[-1].content
    assert letter.text == "see the pictures"


@pytest.mark.parametrize(
    "history",
    [
        "On Mon, 3 Feb 2026 at 10:00, Desk <desk@example.org> wrote:\n> old\n> older",
        "On Monday, 3 February 2026 at 10:00, Desk of the house\n<desk@example.org> wrote:\n\n> old",
        "-----Original Message-----\nFrom: Desk\nold",
        "------------------ 原始邮件 ------------------\n发件人: 服务台\nold",
        "在 2026年2月3日，上午10:00，服务台 <desk@example.org> 写道：\n\n> old",
        "于 2026年2月3日 GMT+8 上午10:00:00, 服务台 写道:\nold",
        "________________________________\nFrom: Desk\nSent: Monday\nTo: Ana\nold",
        "From: Desk <desk@example.org>\nSent: Monday\nTo: Ana\nSubject: x\n\nold",
        "发件人：服务台\n发送时间：2026年2月3日\n收件人：安娜\n主题：x\n\nold",
        "Am 03.02.2026 um 10:00 schrieb Desk:\n> old",
        "> old\n> older",
    ],
)
def test_the_mail_that_was_answered_is_cut_off(history):
    assert answer_in(f"It works again.\nThank you!\n\n{history}") == "It works again.\nThank you!"


@pytest.mark.parametrize(
    "text",
    [
        "It happened on Monday.\nFrom: here on it was broken",
        "On the desk it says: nobody wrote",
        "> old\nmy answer between\n> older\nand behind",
        "On Mon, Desk <desk@example.org> wrote:\n> first?\nyes\n> second?\nno",
        "-----Original Message-----\nFrom: Desk\nonly sent on",
    ],
)
def test_words_of_ones_own_stay(text):
    assert answer_in(text) == text


@pytest.mark.parametrize("end", ["-- \nAna Ivanova\nSales", "发自我的 iPhone", "Sent from my iPhone"])
def test_what_stands_below_every_mail_goes(end):
    assert without_signature(f"It is broken.\n\n{end}") == "It is broken."


def test_quoting_takes_no_time_to_speak_of():
    began = time.monotonic()
    for line in ("-- ", "On " + "x " * 280, ">" * 500, "在" + "写道" * 200, "From: a", "-" * 590, "Am schrieb " * 50):
        answer_in("\n".join([line] * 5000))
    assert time.monotonic() - began < 15
