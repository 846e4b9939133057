"""Lengths of time and distances to now, as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from common.spans import ago, ago_short, duration

NOW = datetime(2026, 3, 17, 14, 32, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.004, "< 0.1 s"),
        (0.4, "0.4 s"),
        (9.96, "10.0 s"),
        (42.4, "42 s"),
        (59.9, "1 min"),
        (245, "4 min 5 s"),
        (600, "10 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (9660, "2 h 41 min"),
        (48 * 3600, "48 h"),
        (76 * 3600, "3 d 4 h"),
        (90 * 86400, "90 d"),
        (-3600, "1 h"),
    ],
)
def test_a_length_of_time_is_said_as_exactly_as_it_matters(seconds, said):
    assert plain(duration(timedelta(seconds=seconds))) == said


def test_no_length_says_nothing():
    assert duration(None) == ""


def test_a_figure_and_its_unit_stay_on_one_line():
    assert " " not in duration(timedelta(hours=2, minutes=41))


@pytest.mark.parametrize(
    ("passed", "said", "short"),
    [
        (timedelta(seconds=20), "just now", "just now"),
        (timedelta(minutes=1), "1 minute ago", "1 min ago"),
        (timedelta(minutes=89), "89 minutes ago", "89 min ago"),
        (timedelta(hours=3), "3 hours ago", "3 h ago"),
        (timedelta(days=1, hours=13), "2 days ago", "2 d ago"),
        (timedelta(days=94), "94 days ago", "94 d ago"),
    ],
)
def test_what_is_past_is_told_by_its_distance(passed, said, short):
    assert ago(NOW - passed, NOW) == said
    assert plain(ago_short(NOW - passed, NOW)) == short


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(timedelta(minutes=1), "in 1 minute"), (timedelta(hours=2), "in 2 hours"), (timedelta(days=4), "in 4 days")],
)
def test_what_is_to_come_is_told_the_same_way(ahead, said):
    assert ago(NOW + ahead, NOW) == said


def test_nothing_has_no_distance():
    assert ago(None) == ago_short(None) == ""


def test_it_is_told_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        assert plain(duration(timedelta(hours=2, minutes=41))) == "2 小时 41 分"
        assert ago(NOW - timedelta(days=3), NOW) == "3 天前"
