"""Rows: what they claim follows from their figures."""

from __future__ import annotations

import pytest

from bench.__main__ import table
from bench.rows import Baseline, at_least, at_most, percentile, readable, reported, within

PEER = Baseline("peer", 200)


@pytest.mark.parametrize(("value", "met"), [(100, True), (99.9, False), (300, True)])
def test_at_least_is_met_from_its_share_of_the_baseline_on(value: float, met: bool) -> None:
    row = at_least("speed", value, "req/s", PEER, 0.5)
    assert row.met is met
    assert row.ratio == value / 200


@pytest.mark.parametrize(("value", "met"), [(260, True), (260.1, False), (0, True)])
def test_at_most_is_met_up_to_its_share_of_the_baseline(value: float, met: bool) -> None:
    assert at_most("cost", value, "us", PEER, 1.3).met is met


@pytest.mark.parametrize(("value", "met"), [(20, True), (20.01, False)])
def test_a_limit_is_met_up_to_itself(value: float, met: bool) -> None:
    assert within("tail", value, "ms", 20).met is met


def test_a_reported_row_has_no_verdict_but_may_have_a_ratio() -> None:
    assert reported("rate", 100, "req/s").met is None
    assert reported("rate", 100, "req/s", PEER).ratio == 0.5


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([7.0], 0.99) == 7.0


@pytest.mark.parametrize(("value", "text"), [(0.0123, "0.0123"), (0, "0.00"), (9.876, "9.88"), (12345.6, "12 346")])
def test_figures_are_short(value: float, text: str) -> None:
    assert readable(value) == text


def test_the_table_says_no_where_a_target_is_missed() -> None:
    lines = table([("web", at_least("speed", 10, "req/s", PEER, 0.5)), ("web", reported("rate", 1, "req/s"))])
    assert lines[0].split() == ["measure", "what", "measured", "compared", "with", "ratio", "target", "met?"]
    assert lines[1].endswith("NO")
    assert lines[2].endswith("reported")
