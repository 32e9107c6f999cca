"""Who was called for a caller, each try with its end, and who came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from callflows.call_record.material import Attempt, Party
from callflows.call_record.values import say_code
from ivr.calls.tables import leg
from ivr.directory.organisation import Organisation
from ivr.oncall.tables import escalation, page
from ivr.queue.tables import offer

TALKING = ("agent", "clinician", "interpreter")
"""The roles of those who come to a caller."""
BY_TELEPHONE, BY_TEXT = "telephone", "text"
PAGE_ENDS = {
    "open": "not settled yet",
    "accepted": "accepted",
    "declined": "passed on",
    "lapsed": "no accept in time",
    "cancelled": "called off",
}
"""What the state of a page or an offer means for whoever was rung."""
SHARED = "in a ring that had begun for another page"
TOOK_ANOTHER = "took another call instead"


@dataclass(frozen=True, slots=True)
class Named:
    """The rows of a call that name people."""

    connection: Connection
    organisation: Organisation
    about: Row[Any]
    legs: tuple[Row[Any], ...]
    events: tuple[Row[Any], ...] = field(repr=False)

    def name(self, person: str) -> str:
        """What somebody was called when the call came in."""
        return self.organisation.names.get(person, person)


def list_attempts(known: Named) -> tuple[Attempt, ...]:
    """Everybody who was asked to come to the caller, in the order in which they were asked."""
    attempts = (*_clinicians(known), *_agents(known), *_interpreters(known), *_patients(known))
    return tuple(sorted(attempts, key=lambda one: one.asked_at))


def list_parties(known: Named) -> tuple[Party, ...]:
    """Everybody who talked with the caller, and whoever accepted and was never reported to have joined."""
    joined = [
        Party(known.name(row.person_id), row.role, one.at, row.ended_at)
        for one in known.events
        if one.kind == "joined"
        for row in known.legs
        if row.id == one.data.get("leg") and row.role in TALKING
    ]
    there = {one.person for one in joined}
    accepted = dict.fromkeys((*_clinicians_who_accepted(known), *_agents_who_accepted(known)))
    return (*joined, *(Party(name, role, None, None) for name, role in accepted if name not in there))


def _clinicians(known: Named) -> Iterator[Attempt]:
    asked = select(page).where(page.c.call_id == known.about.id).order_by(page.c.made_at, page.c.step, page.c.id)
    reasons = {row.data.get("page"): row.data.get("reason") for row in known.events if row.kind == "page-declined"}
    pages = known.connection.execute(asked).all()
    tried = _list_tried(known, pages)
    for row in pages:
        name, role = known.name(row.person_id), f"clinician on call, step {row.step + 1}"
        together = [one for one in tried if row.leg_id is not None and row.leg_id in (one.id, one.continues)]
        instead = "dialled in instead" if together and _dialled_in(row, together) else "rung again instead"
        for one in tried:
            if one.subject_id == row.id and one not in together:
                end = f"{instead}; {_how(one)}"
                yield Attempt(name, role, BY_TELEPHONE, one.created_at, one.answered_at, one.ended_at, end)
        if together:
            yield _rung(row, name, role, together, reasons.get(row.id))
        if row.message_sid or row.message_status or not together:
            status = f"{row.message_status or 'not sent so far'}; a text is no accept"
            yield Attempt(name, role, BY_TEXT, row.made_at, None, row.ended_at, status)


def _list_tried(known: Named, pages: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The legs on which somebody was rung for these pages, and all of the telephone calls that these are part of.

    Pages to one person share one ring (``ivr/oncall/rings.py``), so that a leg may belong to another call.
    """
    rings = [one.leg_id for one in pages if one.leg_id is not None]
    ours = leg.c.subject_id.in_([one.id for one in pages])
    wanted = (ours | leg.c.id.in_(rings) | leg.c.continues.in_(rings)) & (leg.c.role == "clinician")
    told = select(leg, page.c.state.label("page_state"), page.c.ended_at.label("page_ended_at"))
    found = told.join(page, page.c.id == leg.c.subject_id).where(wanted)
    return known.connection.execute(found.order_by(leg.c.created_at, leg.c.id)).all()


def _rung(row: Row[Any], name: str, role: str, together: Sequence[Row[Any]], reason: str | None) -> Attempt:
    """The try of a page by the telephone call that it is part of, whose legs are ``together``."""
    dialled = _dialled_in(row, together)
    ring = together[0] if dialled else next(one for one in together if one.id == row.leg_id)
    own = [one for one in together if one.subject_id == row.id]
    asked_at = max(row.made_at, ring.created_at)
    answered = ring.answered_at is not None and (row.ended_at is None or ring.answered_at <= row.ended_at)
    end = TOOK_ANOTHER if _took_another(row, together) else _end(row.state, reason)
    if ring.subject_id != row.id:
        end = f"{end}; {SHARED}"
    if dialled:
        end = f"{end}; dialled in"
    last = own[-1] if own else None
    if last is not None and (last.continues is None or last.state == "ended"):
        telephone = _how(last)
    else:
        telephone = f"telephone {'answered' if answered else 'not answered'}"
    return Attempt(
        person=name,
        role=role,
        by=BY_TELEPHONE,
        asked_at=asked_at,
        answered_at=max(asked_at, ring.answered_at) if answered else None,
        ended_at=row.ended_at if last is None else last.ended_at,
        end=f"{end}; {telephone}",
    )


def _dialled_in(row: Row[Any], together: Sequence[Row[Any]]) -> bool:
    """Whether the person of a page had dialled in: their telephone call began on a line of patients."""
    return all(one.id != row.leg_id for one in together)


def _took_another(row: Row[Any], together: Sequence[Row[Any]]) -> bool:
    """Whether a page lapsed because its person accepted another call in the same telephone call."""
    others = [one.page_ended_at for one in together if one.subject_id != row.id and one.page_state == "accepted"]
    return row.state == "lapsed" and any(at is not None and at <= row.ended_at for at in others)


def _agents(known: Named) -> Iterator[Attempt]:
    legs = {one.id: one for one in known.legs}
    for row in _offers(known):
        one = legs[row.leg_id]
        end = f"{_end(row.state, None)}; {_how(one)}"
        yield Attempt(known.name(row.agent_id), "agent", BY_TELEPHONE, row.made_at, one.answered_at, row.ended_at, end)


def _interpreters(known: Named) -> Iterator[Attempt]:
    for one in known.legs:
        if one.role == "interpreter":
            yield _ring(known.name(one.person_id), "interpreter", one)


def _patients(known: Named) -> Iterator[Attempt]:
    for one in known.legs:
        if one.role == "patient":
            yield _ring("the patient", "called back", one)


def _ring(name: str, role: str, one: Row[Any]) -> Attempt:
    end = f"{one.outcome}; {_how(one)}" if one.outcome else _how(one)
    return Attempt(name, role, BY_TELEPHONE, one.created_at, one.answered_at, one.ended_at, end)


def _end(state: str, reason: str | None) -> str:
    return f"{PAGE_ENDS[state]} ({say_code(reason)})" if reason else PAGE_ENDS[state]


def _how(one: Row[Any]) -> str:
    """How the telephone of a leg ended, or what it does now."""
    return f"telephone {say_code(one.ended_how or one.state)}"


def _offers(known: Named) -> Iterable[Row[Any]]:
    made = select(offer).where(offer.c.call_id == known.about.id).order_by(offer.c.made_at, offer.c.id)
    return known.connection.execute(made).all()


def _agents_who_accepted(known: Named) -> Iterator[tuple[str, str]]:
    yield from ((known.name(row.agent_id), "agent") for row in _offers(known) if row.state == "accepted")


def _clinicians_who_accepted(known: Named) -> Iterator[tuple[str, str]]:
    by = select(escalation.c.accepted_by).where(escalation.c.call_id == known.about.id)
    found = known.connection.execute(by.where(escalation.c.accepted_by.is_not(None)).order_by(escalation.c.started_at))
    yield from ((known.name(person), "clinician") for person in found.scalars())
