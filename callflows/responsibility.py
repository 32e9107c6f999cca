"""Who is responsible for a call with a symptom or an urgent promise: one person or one ladder at every instant.

It is decided from what is known, whatever has happened last, so that news that comes late, twice or never changes
nothing. Contact is two people who heard each other for long enough, or somebody who says so with an outcome. Whoever
accepted a page, pressed a key or joined a conference is responsible for it, and has had no contact yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callflows.values import URGENCIES, more_urgent

_STILL_WANTED = ("paging", "accepted")
LADDER = ""
"""In place of a person: the ladder of those on call, and at its end the house."""


@dataclass(frozen=True, slots=True)
class Paging:
    """The newest escalation of a call, by the states of its lifecycle; ``ended_at`` is None while it pages.

    ``consult``: an agent asked for it, who talks with the patient and is not whom they need.
    """

    state: str
    urgency: str
    ended_at: datetime | None = None
    consult: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """An urgent call-back that is still to be kept. ``tries_at`` is when it is tried next, None while it is tried."""

    urgency: str
    tries_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a call.

    ``opened_at`` is when a symptom was told of last, ``contact_at`` when two people last heard each other about it.
    ``clinician_at`` is when a clinician last had contact, or the house in place of one. ``line`` tells whether somebody
    of the patient's side is on the line, or being rung. ``clinicians`` are those who accepted it and are on the
    telephone with it, ``staff`` others of ours who talk with the patient or ring them, ``holder`` who keeps a call
    whose line has dropped, until ``held_until``. ``asked``: an agent is looked for. ``house`` is "due" since a ladder
    ended in vain, "asked" once the house was rung after that, "" before, and "later" while it is left alone because it
    rings for somebody else. ``given_up_at`` is when what was owed was given up because there is no number that anybody
    could ring; supervisors are told of it.
    """

    urgency: str = URGENCIES[0]
    opened_at: datetime | None = None
    contact_at: datetime | None = None
    clinician_at: datetime | None = None
    line: bool = False
    clinicians: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    holder: str = ""
    held_until: datetime | None = None
    asked: bool = False
    paging: Paging | None = None
    owed: tuple[Owed, ...] = ()
    house: str = ""
    given_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible: ``person``, or the LADDER; nobody needs to be where it is not ``open``.

    ``urgency`` is what the ladder is climbed with. ``until`` is how long whoever holds it may. ``begin`` is what must
    be begun now, because nothing is under way that would bring the patient to a person: "promise" (owe an urgent
    call-back), "retry" (try what is owed again), "house" (ring the house), or "".
    """

    open: bool
    person: str
    urgency: str
    until: datetime | None = None
    begin: str = ""


def decide(facts: Facts) -> Responsible:
    """Decide who is responsible, and what must be begun. Nothing lowers the urgency."""
    urgency = _urgency(facts)
    if not is_open(facts):
        return Responsible(False, _talks(facts), urgency)
    person, until = _person(facts)
    return Responsible(True, person, urgency, until, _begin(facts, person))


def is_open(facts: Facts) -> bool:
    """Whether somebody still waits for contact: for a symptom, for what was promised, or for whoever was paged."""
    lasting = (facts.opened_at, facts.given_up_at)
    if facts.owed or any(_is_since(what, facts.contact_at) for what in lasting):
        return True
    paging = facts.paging
    if paging is None or paging.state not in (*_STILL_WANTED, *(("exhausted",) if paging.consult else ())):
        return False
    met_at = facts.clinician_at if paging.consult else facts.contact_at
    return paging.ended_at is None or _is_since(paging.ended_at, met_at)


def event_of(state: str, facts: Facts, decided: Responsible) -> str:
    """The event of the lifecycle that brings what is in ``state`` to what was decided; "" where it is there already.

    It is asked again after each event: a reopened one is then given to somebody.
    """
    if decided.open:
        if state in ("contacted", "closed"):
            return "reopen"
        return "escalate" if decided.person == LADDER else "assign"
    if state in ("unassigned", "escalating", "assigned", "reopened"):
        return "contact" if facts.contact_at is not None else "end"
    return "close" if state == "contacted" and not (facts.clinicians or facts.staff) else ""


def _is_since(what: datetime | None, contact_at: datetime | None) -> bool:
    return what is not None and (contact_at is None or contact_at <= what)


def _urgency(facts: Facts) -> str:
    urgency = facts.urgency
    for one in facts.owed:
        urgency = more_urgent(urgency, one.urgency)
    return more_urgent(urgency, facts.paging.urgency) if facts.paging is not None else urgency


def _talks(facts: Facts) -> str:
    return next(iter((*sorted(facts.clinicians), *sorted(facts.staff))), LADDER)


def _person(facts: Facts) -> tuple[str, datetime | None]:
    """A clinician who accepted goes before an agent or the house, whoever is on the line before whoever holds it."""
    on_the_line = _talks(facts)
    if on_the_line != LADDER:
        return on_the_line, None
    return (facts.holder, facts.held_until) if facts.holder else (LADDER, None)


def _begin(facts: Facts, person: str) -> str:
    """A patient on the line is in the hands of their own conversation, and of whoever is looked for in it."""
    if facts.line or person != LADDER or facts.asked or _is_since(facts.given_up_at, facts.contact_at):
        return ""
    if not facts.owed:
        return "promise"
    if facts.house == "later":
        return ""
    if facts.house == "due":
        return "house"
    pages = facts.paging is not None and facts.paging.state == "paging"
    waits = any(one.tries_at is not None for one in facts.owed)
    return "" if pages or waits else "retry"
