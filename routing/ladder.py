"""Whom to page, in order, until somebody answers: a page is never left without a next step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from routing.errors import RoutingError
from routing.licences import Licence, may_take_pages, may_take_pages_somewhere
from routing.rota import Rota, next_on_call, on_call

Channel = Literal["voice", "sms"]


class LadderError(RoutingError):
    """A step that cannot be carried out; the text names it and the mend."""


@dataclass(frozen=True, slots=True)
class Step:
    """Page somebody, wait for the answer, perhaps again.

    ``page`` is "on_call", "next_on_call", "medical_director" or the id of a person.
    """

    page: str
    by: tuple[Channel, ...]
    wait: timedelta
    times: int = 1

    def __post_init__(self) -> None:
        if not self.by or self.times < 1 or self.wait <= timedelta():
            raise LadderError(f"step {self.page!r} pages nobody; give by, a wait above zero and times of at least 1")


@dataclass(frozen=True, slots=True)
class HouseFallback:
    """The last step: the fallback pool of the operator, where somebody is always awake."""


HOUSE_FALLBACK = HouseFallback()


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One page to send: to ``person`` (None: the house fallback) and how long to wait before the next step.

    ``with_next``: the next one is not waited with; both are paged at once. ``own``: the person is paged before
    the others as the patient's own doctor only.
    """

    person: str | None
    by: tuple[Channel, ...]
    wait: timedelta
    with_next: bool = False
    own: bool = False


HERE, ELSEWHERE, NOWHERE = range(3)
"""Where somebody may practise, as seen from the patient."""

Ladder = tuple[EscalationStep, ...]

_GROUND = EscalationStep(None, ("voice",), timedelta())


def escalation_steps(
    steps: Sequence[Step | HouseFallback],
    rota: Rota,
    directors: Sequence[str],
    at: datetime,
    *,
    licences: Mapping[str, Sequence[Licence]] | None = None,
    state: str | None = None,
    kinds: Collection[str] = (),
    unreached: bool = False,
    own: str = "",
    beside: bool = False,
) -> tuple[EscalationStep, ...]:
    """The ladder as it stands at ``at``, to be stored with the page so that a later change does not alter it.

    The house fallback is always the last step, and whatever follows it is left out. A step is also left out when

    * it means nobody, such as "next_on_call" on a rota of one;
    * it means somebody whom a step of another name already pages: waiting for them again only keeps the caller from
      someone new (naming the same step twice does page twice);
    * ``licences`` are given (clinical duty) and none of the person's that covers one of ``kinds``, or prescribes where
      none are named, is valid in any state.

    Where the patient's ``state`` is given too, whoever may practise there is paged before whoever may only elsewhere,
    each in the order of the steps, and a medical director is the first of ``directors`` who may. A patient far from
    home is not left to the house for want of a licence there.

    Where whoever is on call was ``unreached`` before their shift, their backup is paged at once with them: the one that
    the rota's drill names; else, or where that is their own shift, whoever the steps page next. Nobody's step is left
    out by that.

    The patient's ``own`` doctor is paged first, or, where they are paged ``beside``, at once with whoever is first, who
    waits for nobody. That is so where no other on the ladder may rather practise where the patient is.
    """
    found: dict[int, list[EscalationStep]] = {HERE: [], ELSEWHERE: []}
    paged: dict[str, str] = {}
    for step in steps:
        if isinstance(step, HouseFallback):
            break
        standing = {one: _standing(licences, one, state, at, kinds) for one in _people(step, rota, directors, at)}
        person = min((one for one in standing if standing[one] < NOWHERE), key=standing.__getitem__, default=None)
        if person is not None and paged.setdefault(person, step.page) == step.page:
            found[standing[person]] += [EscalationStep(person, step.by, step.wait)] * step.times
    ladder = (*found[HERE], *found[ELSEWHERE])
    best = HERE if found[HERE] else ELSEWHERE
    is_fit = bool(own) and bool(ladder) and _standing(licences, own, state, at, kinds) <= best
    if is_fit and not beside:
        ladder = _with_own_first(ladder, own)
    if unreached:
        named = rota.drill.backup if rota.drill is not None else None
        fit = named is not None and _standing(licences, named, state, at, kinds) < NOWHERE
        ladder = _with_backup(ladder, on_call(rota, at), named if fit else None)
    if is_fit and beside:
        ladder = _with_own_beside(ladder, own)
    return (*ladder, _GROUND)


def _with_own_first(ladder: Ladder, own: str) -> Ladder:
    """The steps, with the first page to a patient's own doctor before all others."""
    mine, rest = _taken_out(ladder, own)
    return ladder if ladder[0].person == own else (replace(mine, own=True), *rest)


def _with_own_beside(ladder: Ladder, own: str) -> Ladder:
    """The steps, with a patient's own doctor paged at once with whoever is first; next, where two are already."""
    together = 2 if ladder[0].with_next else 1
    if own in [step.person for step in ladder[:together]]:
        return ladder
    mine, rest = _taken_out(ladder, own)
    first = rest[:together] if together > 1 else (replace(rest[0], with_next=True),)
    return (*first, mine, *rest[together:])


def _taken_out(ladder: Ladder, person: str) -> tuple[EscalationStep, Ladder]:
    """The first page to somebody, like that of whoever is first where there is none; and the others."""
    place = next((at for at, step in enumerate(ladder) if step.person == person), None)
    if place is None:
        return replace(ladder[0], person=person, with_next=False), ladder
    return replace(ladder[place], with_next=False), (*ladder[:place], *ladder[place + 1 :])


def _with_backup(ladder: Ladder, person: str, named: str | None) -> Ladder:
    """The steps, with the backup right behind the first page to ``person``, to be paged at once with it."""
    first = next((place for place, step in enumerate(ladder) if step.person == person), None)
    if first is None:
        return ladder
    named = None if named == person else named
    others = [place for place, step in enumerate(ladder) if step.person != person]
    if named is not None:
        backup = next((ladder[place] for place in others if ladder[place].person == named), None)
        backup = backup or replace(ladder[first], person=named)
    else:
        backup = next((ladder[place] for place in others if place > first), None)
    if backup is None or backup in ladder[:first]:
        return ladder
    rest = list(ladder)
    if backup in rest:
        rest.remove(backup)
    return (*rest[:first], replace(ladder[first], with_next=True), backup, *rest[first + 1 :])


def _people(step: Step, rota: Rota, directors: Sequence[str], at: datetime) -> Sequence[str]:
    if step.page == "on_call":
        return (on_call(rota, at),)
    if step.page == "next_on_call":
        following = next_on_call(rota, at)
        return () if following is None else (following,)
    return directors if step.page == "medical_director" else (step.page,)


def _standing(
    licences: Mapping[str, Sequence[Licence]] | None,
    person: str,
    state: str | None,
    at: datetime,
    kinds: Collection[str],
) -> int:
    if licences is None:
        return HERE
    held = licences.get(person, ())
    if not may_take_pages_somewhere(held, at, kinds):
        return NOWHERE
    return HERE if state is None or may_take_pages(held, state, at, kinds) else ELSEWHERE
