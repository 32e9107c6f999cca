"""People needed by half-hour, stacked by pool, with what the formula says and the calls expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from ivr.core.counting import counted
from ivr.workforce.pictures.svg import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    QUIET,
    VERMILION,
    element,
    line,
    picture,
    rectangle,
    text,
)
from ivr.workforce.staffing_need import Needed

_LEFT, _TOP, _HIGH, _WIDE, _LOW, _GAP = 56, 84, 260, 16, 90, 46
_COLOURS = (BLUE, ORANGE, GREEN, VERMILION, "#cc79a7", "#56b4e9", "#f0e442", "#999999")


def staffing_chart(found: Sequence[Needed], clocks: Sequence[str], title: str) -> str:
    """The picture. ``clocks`` names each half-hour, as callers say it."""
    pools = sorted({pool for one in found for pool in one.people})
    top = _nice(max((max(one.total, one.formula) for one in found), default=1))
    width = _LEFT + _WIDE * len(found) + 24
    most = counted(max((one.total for one in found), default=0), "person", "people")
    told = f"At most {most} in a half-hour, from {', '.join(pools)}."
    shapes = (
        text((_LEFT, 26), title, font_size=16, font_weight="bold"),
        *_legend(pools),
        *_scale(top, width),
        *_bars(found, clocks, pools, top),
        *_calls(found, width),
        *_hours(clocks),
    )
    return picture((max(width, 640), _TOP + _HIGH + _GAP + _LOW + 34), title, told, shapes)


def _nice(value: int) -> int:
    """The next round number that four lines divide."""
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 250, 1000) if step * 4 >= value or step == 1000)
    return step * max(4, ceil(value / step))


def _legend(pools: Sequence[str]) -> Iterator[str]:
    x = float(_LEFT)
    for pool, colour in zip(pools, _colours(pools), strict=True):
        yield rectangle((x, 42), (12, 12), colour)
        yield text((x + 17, 52), pool, font_size=12)
        x += 40 + 7 * len(pool)
    yield line((x, 48), (x + 14, 48), INK, 2.5)
    yield text((x + 19, 52), "one pool in which all can take every call (Erlang A)", font_size=12)


def _colours(pools: Sequence[str]) -> list[str]:
    return [_COLOURS[number % len(_COLOURS)] for number, _ in enumerate(pools)]


def _scale(top: int, width: float) -> Iterator[str]:
    yield text((_LEFT - 8, _TOP - 10), "people", font_size=11, fill=QUIET, text_anchor="end")
    for part in range(5):
        y = _TOP + _HIGH - _HIGH * part / 4
        yield line((_LEFT, y), (width - 24, y))
        yield text((_LEFT - 8, y + 4), f"{top * part / 4:g}", font_size=11, fill=QUIET, text_anchor="end")


def _bars(found: Sequence[Needed], clocks: Sequence[str], pools: Sequence[str], top: int) -> Iterator[str]:
    unit = _HIGH / top
    for number, one in enumerate(found):
        x, y = _LEFT + _WIDE * number, float(_TOP + _HIGH)
        for pool, colour in zip(pools, _colours(pools), strict=True):
            many = one.people.get(pool, 0)
            y -= many * unit
            if many:
                yield rectangle((x + 1, y), (_WIDE - 2, many * unit), colour, f"{clocks[number]} {pool}: {many}")
        level = _TOP + _HIGH - one.formula * unit
        yield line((x, level), (x + _WIDE, level), INK, 2.5)
        if one.unserved:
            yield text((x + _WIDE / 2, _TOP + _HIGH - 4), "!", fill=VERMILION, font_weight="bold", text_anchor="middle")


def _calls(found: Sequence[Needed], width: float) -> Iterator[str]:
    base = _TOP + _HIGH + _GAP + _LOW
    most = max((one.load.calls for one in found), default=0) or 1
    yield text((_LEFT, base - _LOW - 8), f"calls expected in a half-hour, at most {most:.0f}", font_size=11, fill=QUIET)
    yield line((_LEFT, base), (width - 24, base))
    points = (
        f"{_LEFT + _WIDE * (number + 0.5):g},{base - _LOW * one.load.calls / most:.1f}"
        for number, one in enumerate(found)
    )
    yield element("polyline", points=" ".join(points), fill="none", stroke=BLUE, stroke_width=2)


def _hours(clocks: Sequence[str]) -> Iterator[str]:
    for number, clock in enumerate(clocks):
        if number % 4 == 0:
            x = _LEFT + _WIDE * number
            yield text((x, _TOP + _HIGH + 16), clock, font_size=11, fill=QUIET)
            yield text((x, _TOP + _HIGH + _GAP + _LOW + 16), clock, font_size=11, fill=QUIET)
