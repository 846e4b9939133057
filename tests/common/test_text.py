"""Text from outside that would hurt is refused, and all scripts of the world are welcome."""

import pytest
from django.core.exceptions import ValidationError

from common.text import safe_text


@pytest.mark.parametrize(
    "text", ["", "a\tb\nc\r\n", "备份 🙂", "e\u0301", "שלום \u200f", "“$(rm -rf /)” -x", "<script>"]
)
def test_plain_text_is_taken(text):
    safe_text(text)


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\x07", "\x7f", "\x85", "\ud800", "a\x0bb"])
def test_characters_that_cannot_be_kept_are_refused(text):
    with pytest.raises(ValidationError, match="cannot be kept"):
        safe_text(text)
