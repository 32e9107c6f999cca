"""Legs: one party's connection, from the wish to dial to its end."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from callflows.engine.fingerprint import fingerprint
from callflows.lifecycles.tables import LEG
from callflows.registry import PublishedFlow, current
from ivr.calls.addresses import seal_address
from ivr.calls.configuration import call_row, line_name
from ivr.calls.duplicate_webhooks import is_old_status, is_second_call
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import call, leg
from ivr.core.cipher import name_row
from ivr.core.feature import Side
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer

LATE_AFTER = timedelta(seconds=25)
"""A leg that Twilio has told us nothing about for this long is late, and is asked about.

A phone has rung out by then, a waiting caller has asked for the next document, and an end that nobody told of has kept
an agent for long enough.
"""

NOT_REDIRECTING = -1
"""The step of a leg that is not being redirected."""
OVERDUE = timedelta(seconds=2)
"""A redirect that has not succeeded for so long was refused, or waits for a worker."""

FAILED = "failed"
"""The outcome of a leg whose conversation broke and which was hung up for that."""

STATUS_EVENTS = {
    "queued": "",
    "initiated": "dialled",
    "ringing": "ringing",
    "in-progress": "answered",
    "completed": "ended",
    "busy": "ended",
    "no-answer": "ended",
    "failed": "ended",
    "canceled": "ended",
}
"""Twilio's CallStatus to the leg's event."""

_LEG = select(leg).where(leg.c.id == bindparam("leg_id"))
# PostgreSQL locks in the order of the tables: the call first, as everybody does. The leg first would be a deadlock with
# whoever holds the call and now tells this leg.
_LOCKED_LEG = _LEG.select_from(call.join(leg)).with_for_update()
_LOCKED_CALL = select(call).where(call.c.id == bindparam("call_id")).with_for_update()
_CALL_ID_OF = select(leg.c.call_id).where(leg.c.id == bindparam("leg_id"))
_LEG_OF_TWILIO = select(leg).where(leg.c.twilio_sid == bindparam("sid"))
_LIVING = (
    select(leg)
    .where(leg.c.call_id == bindparam("call_id"), leg.c.state != "ended")
    .order_by(leg.c.created_at, leg.c.id)
)

_PARSING = threading.Lock()


def fingerprint_of(published: PublishedFlow) -> str:
    """What the flow is made of, read from its source once in a process."""
    # The parser of Python 3.11 fails ("AST constructor recursion depth mismatch") when two threads are in it at once,
    # as the threads of a web process are whose first calls come together.
    with _PARSING:
        return fingerprint(published.play)


def create_leg(work: Work, call_id: str, role: str, flow: str, *, address: str, **columns: Any) -> str:
    """Insert a leg that is or will be connected to ``address``; its id. ``role`` is one that a feature gives."""
    leg_id, practice_id = work.services.ids(), call_row(work, call_id).practice_id
    published = current(flow)
    row: dict[str, Any] = {
        "id": leg_id,
        "call_id": call_id,
        "practice_id": practice_id,
        "address_sealed": seal_address(work, practice_id, name_row(leg, leg_id), address),
        "role": role,
        "person_id": "",
        "state": LEG.begins,
        "sequence": -1,
        "flow": published.name,
        "flow_version": published.version,
        "flow_fingerprint": fingerprint_of(published),
        "base_step": 0,
        "step": 0,
        "said_from": 0,
        "begun": False,
        "redirecting": NOT_REDIRECTING,
        "in_conference": False,
        "conference_sequence": -1,
        "ring_seconds": 0,
        "created_at": work.at,
    }
    work.connection.execute(insert(leg).values(row | columns))
    set_timer(work, "check_leg", leg_id, work.at + LATE_AFTER, call_id=call_id)
    return leg_id


def enqueue_dial(work: Work, leg_id: str, urgency: str) -> None:
    """Have the leg's party rung, in the outbound lane at ``urgency``."""
    outbox.put_item(work, "dial_leg", leg_id, call_id=_call_id_of(work, leg_id), urgency=urgency)


def enqueue_hang_up(work: Work, leg_id: str) -> None:
    """Have the leg ended, whatever state Twilio has it in."""
    outbox.put_item(work, "end_leg", leg_id, call_id=_call_id_of(work, leg_id), urgency="emergent", nonce=True)


def enqueue_cancel(work: Work, leg_id: str) -> None:
    """Have the leg's phone stop ringing; whoever is known to have answered by then stays on the line."""
    outbox.put_item(work, "cancel_leg", leg_id, call_id=_call_id_of(work, leg_id), urgency="emergent", nonce=True)


def enqueue_redirect(work: Work, leg_id: str, step: int) -> None:
    """Have Twilio fetch the leg's document of ``step``."""
    call_id, key = _call_id_of(work, leg_id), str(step)
    outbox.put_item(work, "redirect_leg", leg_id, call_id=call_id, urgency="emergent", key=key, step=key)


def note_arrival(work: Work, leg_id: str) -> None:
    """Note that the leg fetched the document it was redirected to, or its first."""
    set_columns(work, leg_id, redirecting=NOT_REDIRECTING)


def note_document_served(work: Work, leg_id: str, step: int) -> None:
    """Take back the redirect to ``step``, because the leg was given that document in another way.

    A redirect that is overdue, because Twilio refused it or never answered, must not tear the leg out of what it now
    hears, or of whom it now talks with. One that was asked for a moment ago is left alone: this may be a copy of an
    older request, whose answer nobody performs.
    """
    if outbox.recall_item(work, "redirect_leg", leg_id, key=str(step), older_than=work.at - OVERDUE):
        set_columns(work, leg_id, redirecting=NOT_REDIRECTING)


def is_redirecting(work: Work, leg_id: str, step: int) -> bool:
    """Whether the leg is on its way, by our own redirect, to the document of ``step``.

    What ends on the way (a Dial, a place in the queue) is then told as a notification and means nothing: the leg may
    already have been in the document of this very step, by a Leave that was quicker than the redirect.
    """
    return bool(lock(work, leg_id).redirecting == step)


def find(work: Work, leg_id: str) -> Row[Any] | None:
    """The leg, or None."""
    return work.connection.execute(_LEG, {"leg_id": leg_id}).first()


def lock(work: Work, leg_id: str) -> Row[Any]:
    """Lock the call and the leg until the transaction ends; the leg. What happens to one call happens in turn.

    Both rows are locked, because PostgreSQL reads only locked rows afresh after it had to wait.
    """
    return work.connection.execute(_LOCKED_LEG, {"leg_id": leg_id}).one()


def lock_call(work: Work, call_id: Any) -> Row[Any]:
    """Lock the call until the transaction ends; the call. SQLite's transactions are exclusive anyway."""
    return work.connection.execute(_LOCKED_CALL, {"call_id": call_id}).one()


def find_by_sid(work: Work, twilio_sid: str) -> Row[Any] | None:
    """The leg that Twilio calls ``twilio_sid``."""
    return work.connection.execute(_LEG_OF_TWILIO, {"sid": twilio_sid}).first()


def may_be(work: Work, row: Row[Any], twilio_sid: str | None) -> bool:
    """Whether a call of Twilio is the leg, or may be: the leg is no other call, the call no other leg.

    Another leg that has not begun may have taken the call for its own by mistake (``claim_call``).
    """
    if row.twilio_sid is not None:
        return not is_second_call(row, twilio_sid)
    other = find_by_sid(work, twilio_sid or "")
    return other is None or not other.begun


def list_living(work: Work, call_id: str, *roles: str) -> list[Row[Any]]:
    """The call's legs that have not ended, of these roles."""
    alive = work.connection.execute(_LIVING, {"call_id": call_id})
    return [row for row in alive if row.role in roles]


def list_parties(work: Work, call_id: str, side: Side | None = None) -> list[Row[Any]]:
    """The call's legs that have not ended, of those who talk with one another, or of one side of the talk.

    An interpreter is nobody's company and is not listed.
    """
    roles = work.services.features.roles
    sides = ("caller", "staff") if side is None else (side,)
    return list_living(work, call_id, *(name for name, role in roles.items() if role.talks_as in sides))


def line_name_of(work: Work, leg_id: str) -> str:
    """Who we say we are on a leg."""
    return line_name(work, _call_of(work, leg_id))


def language_of(work: Work, leg_id: str) -> str:
    """The language of the party: callers chose theirs, which interpreters speak too; staff are spoken to in English."""
    role = work.connection.execute(select(leg.c.role).where(leg.c.id == leg_id)).scalar_one()
    speaks_it = work.services.features.roles[role].speaks_language_of_call
    return str(_call_of(work, leg_id).language) if speaks_it else "en-US"


def claim_call(work: Work, row: Row[Any], twilio_sid: str | None) -> None:
    """Take the Twilio call for the leg, because Twilio asked or told at the leg's own address.

    Nothing tells more surely whose call it is. A leg to the same number, of another patient behind it or of a call more
    to the same clinician, that took it for its own by the number has none: it ends, and its role goes on from there.
    """
    if twilio_sid is None or row.twilio_sid is not None:
        return
    mistaken = find_by_sid(work, twilio_sid)
    if mistaken is not None:
        lock_beside(work, row.call_id, {mistaken.call_id})
        set_columns(work, mistaken.id, twilio_sid=None)
        enqueue_hang_up(work, mistaken.id)
    set_columns(work, row.id, twilio_sid=twilio_sid)


def set_columns(work: Work, leg_id: str, **columns: Any) -> None:
    """Set columns of a leg."""
    work.connection.execute(update(leg).where(leg.c.id == leg_id).values(columns))


def note_answered(work: Work, leg_id: str) -> None:
    """Note that somebody is on the line, because a document was asked for, whether or not we were told."""
    if lock(work, leg_id).state in ("planned", "dialling", "ringing"):
        note_status(work, leg_id, "in-progress", None)


def note_status(work: Work, leg_id: str, call_status: str, sequence: int | None) -> None:
    """Note Twilio's news of a leg. News older than what is known changes nothing; an end always counts."""
    row = lock(work, leg_id)
    event = STATUS_EVENTS.get(call_status, "")
    if event == "ended" and row.state == "ended" and sequence is not None and row.sequence < 0:
        # We gave the leg up before; by this number it is known that Twilio has told of its end too.
        set_columns(work, leg_id, sequence=sequence)
    if not event or is_old_status(row, event, sequence):
        return
    if sequence is not None:
        set_columns(work, leg_id, sequence=max(sequence, row.sequence))
    stamps: dict[str, Any] = {"ended_how": call_status} if event == "ended" else {}
    if event == "answered":
        stamps = {"answered_at": work.at}
    set_timer(work, "check_leg", leg_id, work.at + LATE_AFTER, call_id=row.call_id)
    fire(work, LEG, leg, leg_id, event, **stamps)


def request_status(work: Work, leg_id: str) -> None:
    """Have Twilio asked how the leg stands."""
    outbox.put_item(work, "ask_leg", leg_id, call_id=_call_id_of(work, leg_id), nonce=True)


def claim(work: Work, leg_id: str, twilio_sid: str | None) -> bool:
    """Take the Twilio call for the leg; False where another one is the leg, because a repeat of ours made a second.

    Who made the call may have died before writing down what Twilio named it. Where the leg was given up meanwhile, the
    phone rings for nobody and is hung up.
    """
    row = lock(work, leg_id)
    if not may_be(work, row, twilio_sid):
        return False
    claim_call(work, row, twilio_sid)
    if row.twilio_sid is None and row.state == "ended":
        enqueue_hang_up(work, leg_id)
    return True


def _call_id_of(work: Work, leg_id: str) -> str:
    found: str = work.connection.execute(_CALL_ID_OF, {"leg_id": leg_id}).scalar_one()
    return found


def _call_of(work: Work, leg_id: str) -> Row[Any]:
    return call_row(work, _call_id_of(work, leg_id))
