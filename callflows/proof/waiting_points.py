"""Where calls in progress may be waiting when a release is replaced, and whether a flow still meets them there.

A released flow is stored with its fingerprint, what it does, and a log for every question it can ask. A changed flow
continues a call if it replays the log and comes to the same question; otherwise that call is refused, which
means a safe landing, and the change needs a new version. A flow that does the same on every path has only moved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callflows.engine import answers
from callflows.engine.fingerprint import fingerprint
from callflows.engine.replay import Entry, replay
from callflows.proof.behaviour import Behaviour
from callflows.proof.explore import explore
from callflows.proof.graph import Report, State, Subject
from callflows.vocabulary import Flow


class UnreadableRelease(ValueError):
    """A stored release cannot be read; freeze it again from the release it belongs to."""


@dataclass(frozen=True, slots=True)
class Point:
    """A call that has given ``log`` and is being asked ``pending``; ``label`` names what its flow was told.

    ``ahead`` stands for all that may follow, as :class:`Behaviour` tells it.
    """

    label: str
    log: tuple[Entry, ...]
    pending: str
    ahead: str


@dataclass(frozen=True, slots=True)
class Release:
    """A flow as it was released. ``behaviour`` stands for all that it does, for each thing it was told."""

    flow: str
    version: int
    fingerprint: str
    behaviour: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the flow as it is now does with the calls of a release.

    ``unchanged``: it is made of the same. ``moved``: it is not, and does the same on every path.
    ``continues`` counts the waiting points at which it meets a call, ``otherwise`` lists those of them after which
    something else may follow, and ``refused`` those at which it does not, and why.
    """

    flow: str
    version: int
    unchanged: bool
    moved: bool
    continues: int
    otherwise: tuple[Point, ...]
    refused: tuple[tuple[Point, str], ...]

    @property
    def safe(self) -> bool:
        """Whether this may ship under the same version."""
        return self.unchanged or not self.refused


class Unproved(Exception):
    """A flow breaks a rule, so that it cannot be frozen; the text names flow, subject and rule."""


def released(subjects: Sequence[Subject], version: int, *, proved: bool = True) -> Release:
    """The flow of ``subjects`` as it is now, with a shortest log to each question it can ask.

    Raises Unproved where a path breaks a rule, unless it need not be ``proved``: the walk ends there, and with it what
    is known of the questions.
    """
    behaviour: list[tuple[str, str]] = []
    points: list[Point] = []
    for subject in subjects:
        report = explore(subject)
        if proved and report.violation is not None:
            raise Unproved(f"{subject.flow}, {subject.label}: {report.violation.rule}")
        does = Behaviour(report)
        behaviour.append((subject.label, does.whole))
        points += [
            Point(subject.label, state.log, state.request.key, does.after(state.log)) for state in _by_question(report)
        ]
    flow = subjects[0]
    return Release(flow.flow, version, fingerprint(flow.play), tuple(behaviour), tuple(points))


def judge(release: Release, subjects: Sequence[Subject], play: Callable[[Any], Flow]) -> Verdict:
    """Replay every waiting point of ``release`` on ``play``, the flow as it is now, told what ``subjects`` are told.

    Where the flow is made of something else and refuses nobody, all its paths are walked, which takes up to a minute.
    """
    told = {subject.label: subject.told for subject in subjects}
    reasons = [(point, _refusal(point, told, play)) for point in release.points]
    refused = tuple((point, reason) for point, reason in reasons if reason)
    unchanged = release.fingerprint == fingerprint(play)
    moved, otherwise = (False, ()) if unchanged or refused else _compared(release, subjects)
    continues = len(reasons) - len(refused)
    return Verdict(release.flow, release.version, unchanged, moved, continues, otherwise, refused)


def _compared(release: Release, subjects: Sequence[Subject]) -> tuple[bool, tuple[Point, ...]]:
    """Whether ``subjects`` do what was released on every path, and after which waiting points they do not."""
    does = {subject.label: Behaviour(explore(subject)) for subject in subjects}
    moved = release.behaviour == tuple((label, now.whole) for label, now in does.items())
    return moved, tuple(point for point in release.points if does[point.label].after(point.log) != point.ahead)


def _by_question(report: Report) -> list[State]:
    first: dict[str, State] = {}
    for state in report.states:
        first.setdefault(state.request.key, state)
    return list(first.values())


def _refusal(point: Point, told: Mapping[str, Any], play: Callable[[Any], Flow]) -> str:
    if point.label not in told:
        return f"nothing is explored as {point.label!r} any more"
    try:
        replay(play(told[point.label]), point.log, point.pending)
    except Exception as problem:
        # Whatever a changed flow raises over an old log, the call would be landed.
        return str(problem) or type(problem).__name__
    return ""


# -- as text: a tree, because the logs share their beginnings ------------------------------------


def write(release: Release) -> str:
    """The release as JSON, one answered request a line."""
    rows: dict[tuple[int, str, str, str], int] = {}
    points = [[_row(point, rows), point.label, point.pending, point.ahead] for point in release.points]
    made = {"fingerprint": release.fingerprint, "behaviour": dict(release.behaviour)}
    head = {"flow": release.flow, "version": release.version, **made}
    tree = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    ends = ",\n".join(json.dumps(point, ensure_ascii=False) for point in points)
    return f'{json.dumps(head)[:-1]},\n"answered": [\n{tree}\n],\n"waiting": [\n{ends}\n]}}\n'


def read(text: str) -> Release:
    """The release that ``write`` made ``text`` from.

    Raises:
        UnreadableRelease: it is damaged, or holds answers this release does not understand.
    """
    try:
        held = json.loads(text)
        points = tuple(Point(label, _log(held["answered"], at), *asked) for at, label, *asked in held["waiting"])
        behaviour = tuple(held["behaviour"].items())
        return Release(held["flow"], held["version"], held["fingerprint"], behaviour, points)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as problem:
        raise UnreadableRelease(f"a stored release cannot be read: {problem}") from problem


def _row(point: Point, rows: dict[tuple[int, str, str, str], int]) -> int:
    at = -1
    for entry in point.log:
        at = rows.setdefault((at, point.label, entry.key, answers.write(entry.answer)), len(rows))
    return at


def _log(rows: list[Any], at: int) -> tuple[Entry, ...]:
    found: list[Entry] = []
    while at >= 0:
        at, _, key, answer = rows[at]
        found.append(Entry(key, answers.read(answer)))
    return tuple(reversed(found))
