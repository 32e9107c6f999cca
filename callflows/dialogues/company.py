"""What somebody hears who waits: everything at once and again each minute, and between that what has changed.

Pure: the shell reads what is new (:class:`News`) and keeps what was told (:class:`Told`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from callflows.prompts import Line, line
from callflows.vocabulary import Wait

ALL_AGAIN = 45
"""After so many seconds the keys, the place and the estimate are said again: a round takes less than fifteen more."""

Rings = Literal["", "agent", "nurse", "clinician", "another-clinician"]
Coming = Literal["", "patient", "caller", "clinician"]


@dataclass(frozen=True, slots=True)
class News:
    """What can be told of a wait: each is None or empty where it is not known, or not told in this wait.

    ``low`` and ``high`` are the minutes of the estimate, ``offered_in`` those after which something else is offered.
    ``rings`` is whose phone rings for the caller now.
    """

    place: int | None = None
    low: int | None = None
    high: int | None = None
    offered_in: int | None = None
    rings: Rings = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told so far in one wait: how many ``turns``, and the newest of each kind of news."""

    turns: int = 0
    news: News = News()


def tell(wait: Wait, news: News, told: Told, *, everything: bool) -> tuple[tuple[Line, ...], Told]:
    """What is said next, and what was told by then. ``everything``: all of it was told too long ago, or never."""
    if everything:
        lead = _between(wait, told.turns) if told.turns else wait.comfort[:1]
        words = (*lead, *_place(wait, news), *_estimate(wait, news), *wait.comfort[1:])
        return words, _remember(told, replace(news, offered_in=None, rings=told.news.rings if news.rings else ""))
    # Not with the first words, which are long already, and after which somebody may come.
    outlook = news.offered_in if told.turns > 1 and _is_due(news.offered_in, told.news.offered_in) else None
    words = (*_between(wait, told.turns), *_changed(wait, news, told.news), *_outlook(wait, outlook))
    return words, _remember(told, replace(news, offered_in=outlook))


def words_for_key(wait: Wait, news: News) -> tuple[Line, ...]:
    """The answer to a key that means nothing in this wait, such as a 0 of somebody who is in line for a person."""
    return (*wait.otherwise, *_place(wait, news))


def words_of_hold(language: str, coming: Coming, *, symptom: bool, turns: int) -> tuple[Line, ...]:
    """What somebody hears who is held, or is alone with the one who is ``coming``."""
    if coming:
        return (line(f"hold.{coming}", language),)
    said = HOLDING[turns % len(HOLDING)]
    return (line(said, language), *((line("wait.emergency", language),) if symptom else ()))


HOLDING = ("hold", "hold.1", "hold.2")
RINGS = {
    "agent": "wait.rings",
    "nurse": "wait.nurse_rings",
    "clinician": "wait.clinician_rings",
    "another-clinician": "wait.another_rings",
}


def _remember(told: Told, news: News) -> Told:
    """What has been told by now. A place that cannot be had just now is still the one told last; an estimate is not."""
    before = told.news
    place = before.place if news.place is None else news.place
    offered_in = before.offered_in if news.offered_in is None else news.offered_in
    return Told(told.turns + 1, News(place, news.low, news.high, offered_in, news.rings))


def _is_due(minutes: int | None, before: int | None) -> bool:
    """Whether the minutes until something else is offered are to be told: at first, and when half of them are over."""
    return minutes is not None and minutes > 1 and (before is None or 2 * minutes <= before)


def _changed(wait: Wait, news: News, before: News) -> tuple[Line, ...]:
    place = _place(wait, news) if news.place != before.place else ()
    estimate = _estimate(wait, news) if news.high is not None and news.high != before.high else ()
    rings = _rings(wait, news) if news.rings != before.rings else ()
    return (*place, *estimate, *rings)


def _between(wait: Wait, turns: int) -> tuple[Line, ...]:
    lines = wait.between or wait.comfort[:1]
    return (lines[(turns - 1) % len(lines)],)


def _place(wait: Wait, news: News) -> tuple[Line, ...]:
    return () if news.place is None else (line("wait.position", wait.language, position=str(news.place)),)


def _estimate(wait: Wait, news: News) -> tuple[Line, ...]:
    if news.high is not None and news.low:
        return (line("wait.between", wait.language, low=str(news.low), high=str(news.high)),)
    if news.high is not None:
        return (line("wait.under", wait.language, high=str(news.high)),)
    return ()


def _outlook(wait: Wait, minutes: int | None) -> tuple[Line, ...]:
    return () if minutes is None else (line("wait.offered_in", wait.language, minutes=str(minutes)),)


def _rings(wait: Wait, news: News) -> tuple[Line, ...]:
    return (line(RINGS[news.rings], wait.language),) if news.rings else ()
