"""A leg's conversation: the only writer of its log and of its pending question.

Replay the flow over the log, append the new answer, carry out what the flow asks until it waits for somebody
again. Whatever goes wrong inside is undone and the caller lands safely with a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Row

from callflows.engine.replay import Run, replay
from callflows.registry import current, version
from callflows.vocabulary import (
    UNRECORDED,
    Answer,
    DialHelpLine,
    DialHouse,
    Do,
    Fact,
    Interrupted,
    Outcome,
    Pressed,
    Request,
    ResumeRecording,
    Say,
    Spoke,
    Wait,
)
from callflows.vocabulary.hearing import EMERGENT, UNJUDGED
from ivr.calls import going_on, legs, log
from ivr.calls.configuration import newest
from ivr.calls.duplicate_webhooks import is_answered_step
from ivr.calls.events import record
from ivr.calls.hearing import add_what_is_asked
from ivr.calls.requests import carry_out, view_for
from ivr.core.unit_of_work import Work, begins_again
from ivr.directory.own_lines import own_lines
from ivr.jobs import outbox

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a leg's conversation stands: what to say now and what to wait for; ``request`` None at its end.

    ``goes_on`` is the leg, with its step, in which the telephone call goes on after that end.
    """

    leg_id: str
    call_id: str
    role: str
    step: int
    said: tuple[Say, ...]
    request: Request | None
    goes_on: tuple[str, int] | None = None
    own_lines: frozenset[str] = frozenset()
    """Where the request dials: the numbers that lead back to us now."""


def resume_flow(work: Work, leg_id: str) -> Position:
    """Where the conversation of a leg stands. Begins it where it has not begun."""
    row = legs.lock(work, leg_id)
    return _play_guarded(work, row, lambda: _resume(work, row))


def answer_step(work: Work, leg_id: str, step: int | None, given: Answer) -> Position:
    """Answer the question of ``step``. An answer to an older step, or the same answer again, changes nothing.

    ``step`` None means the question that is being asked now.
    """
    row = legs.lock(work, leg_id)
    return _play_guarded(work, row, lambda: _answer(work, row, step, given))


def answer_wait(work: Work, leg_id: str, step: int, given: Answer) -> Position:
    """Answer a wait with a key or words. What means nothing in this wait changes nothing."""
    reached = resume_flow(work, leg_id)
    if not isinstance(reached.request, Wait):
        return reached
    given = add_what_is_asked(work, legs.lock(work, leg_id), reached.request, given)
    return answer_step(work, leg_id, step, given) if _ends_wait(reached.request, given) else reached


def _ends_wait(request: Wait, given: Answer) -> bool:
    if isinstance(given, Spoke):
        return (EMERGENT if given.danger == UNJUDGED else given.danger) in request.alarms
    return isinstance(given, Pressed) and given.digits in tuple(request.keys)


def interrupt_flow(work: Work, leg_id: str, how: str) -> None:
    """End whatever the flow asks by a hang-up or a takeover, which every question may receive."""
    row = legs.lock(work, leg_id)
    if not row.begun:
        legs.set_columns(work, leg_id, outcome="never answered", begun=True)
    elif row.outcome is None:
        reached = _play_guarded(work, row, lambda: _answer(work, row, None, Interrupted(how)))
        if how == "hung-up" and reached.request is not None:
            # The conversation failed on the hang-up itself: its safe landing must hear of it as well.
            landing = legs.lock(work, leg_id)
            _play_guarded(work, landing, lambda: _answer(work, landing, None, Interrupted(how)))


def answer_and_redirect(work: Work, leg_id: str, given: Answer, *kinds: type[Request]) -> bool:
    """Answer the pending question if it is of one of ``kinds``, and have Twilio fetch what follows; whether it was."""
    row = legs.lock(work, leg_id)
    if row.state == "ended" or row.pending_kind not in [kind.__name__ for kind in kinds]:
        return False
    # Whoever was not yet sent to the last document has not heard its words: they are said with the next.
    unheard = outbox.has_waiting_item(work, "redirect_leg", leg_id)
    after = _play_guarded(work, row, lambda: _answer(work, row, None, given, unheard=unheard))
    legs.enqueue_redirect(work, leg_id, after.step)
    return True


def _resume(work: Work, row: Row[Any]) -> Position:
    run = _replay(work, row)
    return _run_until_wait(work, row, run, row.said_from) if not row.begun else _position(work, row, run, row.said_from)


def _answer(work: Work, row: Row[Any], step: int | None, given: Answer, *, unheard: bool = False) -> Position:
    run = _replay(work, row)
    if run.request is None or is_answered_step(row, step):
        return _position(work, row, run, row.said_from)
    said_from = row.said_from if unheard else row.step + 1
    _append(work, row, run, _check(work, row, run.request, given))
    return _run_until_wait(work, row, run, said_from)


def _check(work: Work, row: Row[Any], request: Request, given: Answer) -> Answer:
    """The answer for the log: of a secret only whether it was right, of words also what was heard in them."""
    check = work.services.features.answer_checks.get(type(request))
    heard = add_what_is_asked(work, row, request, given)
    return heard if check is None or isinstance(given, Interrupted) else check(work, row, heard)


def _replay(work: Work, row: Row[Any]) -> Run:
    published = version(row.flow, row.flow_version)
    flow = published.play(view_for(work, row))
    run = replay(flow, log.entries(work, row), row.pending_key)
    if row.begun and row.flow_fingerprint != legs.fingerprint_of(published):
        logger.info("flow_changed_under_call", leg=row.id, flow=row.flow, version=row.flow_version)
    return run


def _run_until_wait(work: Work, row: Row[Any], run: Run, said_from: int) -> Position:
    while isinstance(run.request, Fact | Do):
        _append(work, row, run, carry_out(work, row, run.request))
    step = row.base_step + run.step
    pending_key = run.request.key if run.request else None
    pending_kind = type(run.request).__name__ if run.request else None
    stands = {"step": step, "said_from": said_from, "pending_key": pending_key, "pending_kind": pending_kind}
    legs.set_columns(work, row.id, **stands, begun=True)
    _write_expectation(work, row, run.request)
    if run.outcome is not None and row.outcome is None:
        _note_end(work, row, run.outcome)
    return _position(work, row, run, said_from)


def _write_expectation(work: Work, row: Row[Any], request: Request | None) -> None:
    """Write down what Twilio is about to make because of the request, before it is asked."""
    expect = work.services.features.expectations.get(type(request)) if request else None
    if expect is not None:
        expect(work, legs.lock(work, row.id))


def _append(work: Work, row: Row[Any], run: Run, given: Answer) -> None:
    assert run.request is not None
    log.append(work, row, row.base_step + run.step, run.request.key, given)
    run.answer(given)


def _position(work: Work, row: Row[Any], run: Run, said_from: int) -> Position:
    said = tuple(say for step, say in run.spoken if row.base_step + step >= said_from)
    goes_on = _find_next_leg(work, row.id) if run.request is None else None
    ours = own_lines(newest(work)) if isinstance(run.request, DialHouse | DialHelpLine) else frozenset()
    return Position(row.id, row.call_id, row.role, row.base_step + run.step, said, run.request, goes_on, ours)


def _find_next_leg(work: Work, leg_id: str) -> tuple[str, int] | None:
    row = legs.find(work, leg_id)
    present = going_on.find_present(work, row) if row is not None else None
    return (present.id, present.step) if present is not None and present.id != leg_id else None


def _note_end(work: Work, row: Row[Any], outcome: Outcome) -> None:
    legs.set_columns(work, row.id, outcome=outcome.how)
    record(work, f"{row.role}-conversation-ended", row.call_id, leg=row.id, outcome=outcome.how)
    concluded = work.services.features.roles[row.role].concluded
    for told in (*((concluded,) if concluded is not None else ()), *work.services.features.concluded):
        told(work, legs.lock(work, row.id))


def _play_guarded(work: Work, row: Row[Any], play: Callable[[], Position]) -> Position:
    """Play inside a savepoint; on any failure undo it and land safely instead.

    That others were in the way in the database is no failure of the conversation: the transaction begins again.
    """
    try:
        with work.connection.begin_nested():
            return play()
    except Exception as problem:
        if begins_again(problem):
            raise
        where = {"leg": row.id, "step": row.step, "flow": row.flow, "key": row.pending_key}
        logger.error("safe_landing", **where, exc_info=problem)
        return _land_safely(work, row)


def _land_safely(work: Work, row: Row[Any]) -> Position:
    if not work.services.features.roles[row.role].lands_safely:
        legs.set_columns(work, row.id, outcome=legs.FAILED, pending_key=None, pending_kind=None, begun=True)
        legs.enqueue_hang_up(work, row.id)
        return Position(row.id, row.call_id, row.role, row.step, (), None)
    if row.flow == "safe_landing":
        raise LandingFailed(f"the safe landing of leg {row.id} failed; the fallback document takes over")
    if row.pending_kind in [kind.__name__ for kind in UNRECORDED]:
        work.services.features.effects[ResumeRecording](work, row, "landing/recorded", ResumeRecording())
    published = current("safe_landing")
    used = log.next_step(work, row.id)
    legs.set_columns(
        work,
        row.id,
        flow=published.name,
        flow_version=published.version,
        flow_fingerprint=legs.fingerprint_of(published),
        base_step=used,
        step=used,
        said_from=used,
        pending_key=None,
        pending_kind=None,
        begun=False,
    )
    record(work, "safe-landing", row.call_id, leg=row.id)
    return resume_flow(work, row.id)


class LandingFailed(RuntimeError):
    """Even the safe landing could not be played."""
