"""Bars against a target that always stands at four fifths of the width."""

from datetime import timedelta

import pytest
from django.template import Context, Template

from common import gauges

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("measured", "target", "width"),
    [
        (None, HOUR, "0%"),
        (HOUR, HOUR, "80.0%"),
        (HOUR / 2, HOUR, "40.0%"),
        (5 * HOUR, HOUR, "100.0%"),
        (timedelta(seconds=1), HOUR, "0.6%"),
        (HOUR, None, "40.0%"),
    ],
)
def test_a_bar_is_as_wide_as_its_part_of_the_target(measured, target, width):
    assert gauges.share(measured, target) == width


def test_bars_that_follow_one_another_end_at_the_line_when_they_fill_the_target():
    assert gauges.offsets([HOUR, HOUR], 2 * HOUR) == [("0.00%", "40.00%"), ("40.00%", "40.00%")]


def test_bars_far_over_the_target_stay_inside():
    start, width = gauges.offsets([9 * HOUR, HOUR], HOUR)[-1]
    assert float(start.rstrip("%")) + float(width.rstrip("%")) <= 100.01


def test_no_bars_need_no_room():
    assert gauges.offsets([], HOUR) == []


def drawn(**values) -> str:
    template = Template("{% load holdfast %}{% gauge measured target state %}")
    return template.render(Context({"measured": None, "target": HOUR, "state": "proven"} | values))


def test_proven_is_solid():
    assert 'class="gauge-fill"' in drawn(measured=HOUR)


def test_stale_is_hatched():
    assert 'fill="url(#hatch)"' in drawn(measured=HOUR, state="stale")


def test_never_measured_is_hollow_and_says_so():
    assert "gauge-none" in drawn(state="unproven")
    assert "never measured" in drawn(state="unproven")


def test_without_a_target_no_line_is_drawn():
    assert "gauge-line" not in drawn(measured=HOUR, target=None)


def test_what_a_template_does_not_know_counts_as_not_measured():
    assert "never measured" in drawn(measured="", target="")


def test_the_drawing_says_its_figures_to_those_who_cannot_see_it():
    assert 'aria-label="30\N{NO-BREAK SPACE}min of 1\N{NO-BREAK SPACE}h"' in drawn(measured=HOUR / 2)
