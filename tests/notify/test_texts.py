"""The texts of messages as they lie in the house."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import loader

FOLDER = Path(settings.BASE_DIR) / "templates" / "notify"
KINDS = sorted(path.name.removesuffix(".subject.txt") for path in FOLDER.glob("*.subject.txt"))


def test_there_are_texts_and_each_has_a_subject_and_a_body():
    assert KINDS
    assert sorted(path.name.removesuffix(".body.txt") for path in FOLDER.glob("*.body.txt")) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_a_template_whose_every_sentence_can_be_translated(kind):
    for part in ("subject", "body"):
        source = (FOLDER / f"{kind}.{part}.txt").read_text(encoding="utf-8")
        loader.get_template(f"notify/{kind}.{part}.txt")
        assert "{% load i18n" in source
        assert "|safe" not in source
