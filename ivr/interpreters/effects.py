"""What the flows of agents, interpreters and patients may do about an interpreter, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from callflows.values import Interpreting
from callflows.vocabulary import AcceptInterpreting, Answer, AskInterpreter, DeclineInterpreting, Granted
from ivr.calls import legs
from ivr.calls.configuration import call_row, pinned
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.interpreters import attempts


def interpreter_view(work: Work, leg: Row[Any]) -> Interpreting:
    """What an interpreter is told: whose line it is, and the language. Not even the practice."""
    asked = attempts.get(work, leg.subject_id)
    return Interpreting(pinned(work, leg.call_id).operator.operator, asked.language)


def interpreter(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether an interpreter is there, or being rung, for the talk that begins."""
    return {"coming": "yes" if attempts.find_active(work, leg.call_id) else "no"}


def ask_interpreter(work: Work, leg: Row[Any], key: str, _effect: AskInterpreter) -> None:
    """Ring interpreters for the language that the caller chose."""
    attempts.start_interpreting(work, leg.call_id, call_row(work, leg.call_id).language)


def accept_interpreting(work: Work, leg: Row[Any], key: str, _effect: AcceptInterpreting) -> Answer:
    """Only whoever is rung now may join: the turn of an earlier one is over, and so may the talk be."""
    return Granted(
        attempts.fire_for_leg(work, leg, "accept", joined_at=work.at),
        caller_here=bool(legs.list_parties(work, leg.call_id, "caller")),
    )


def decline_interpreting(work: Work, leg: Row[Any], key: str, declined: DeclineInterpreting) -> None:
    """A no, or no key: the next in turn is rung at once."""
    record(work, "interpreter-declined", leg.call_id, interpreter=leg.person_id, reason=declined.reason)
    attempts.fire_for_leg(work, leg, "miss")
