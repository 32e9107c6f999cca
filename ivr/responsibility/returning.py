"""Whoever returns is the same story: what was begun in an earlier call goes on in the one that is on the line now.

The earlier call's page stops, because the later one's rings the same person; what it owes, the later one owes; and a
clinician who had accepted it is brought to the patient who has called again.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import Row, select, update

from callflows.lifecycles.tables import ESCALATION, PROMISE, RESPONSIBILITY
from callflows.values import URGENCIES, more_urgent
from callflows.vocabulary import AskMeanwhile, Joined, WithPerson
from ivr.callbacks import attempts
from ivr.callbacks.earlier_promises import find_first_promised, move_due_forward
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import call
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall import escalations, returning, rings
from ivr.oncall.in_hand import is_in_hand
from ivr.oncall.tables import escalation, page
from ivr.queue.entries import entry
from ivr.responsibility.facts import HOUSE
from ivr.responsibility.tables import OPEN, responsibility

TIMER = "same_story"


def expect_story(work: Work, about: Row[Any]) -> None:
    """Have a call go on with what was begun in earlier ones of the same person, if there are any."""
    if list_open_before(work, about):
        set_timer(work, TIMER, about.id, work.at, call_id=about.id)


def note_returned(work: Work, call_id: str) -> bool:
    """Note of a caller who waits for a person that they are back whose line dropped after a symptom, where they may be.

    They need not say it again: who calls from the telephone of a story that is still open may be put in line for an
    office matter, and is cared for as the story asks all the same. Returns whether it was noted.
    """
    place = entry(work, call_id)
    if place is None or place.callback or place.state not in ("searching", "offered"):
        return False
    about = call_row(work, call_id)
    before = list_open_before(work, about)
    if not before:
        return False
    urgency = reduce(more_urgent, (find_urgency(work, one) for one in before), about.urgency)
    work.connection.execute(update(call).where(call.c.id == call_id).values(symptom=True, urgency=urgency))
    record(work, "noted", call_id, symptom="True", urgency=urgency)
    return True


def list_open_before(work: Work, about: Row[Any]) -> list[str]:
    """The earlier calls of the same person in which somebody still waits for contact, and not on another number."""
    found = returning.list_earlier(work, about)
    earlier = [row.id for row in found if not _owes_elsewhere(work, row, about)]
    return _list_waiting(work, earlier) if earlier else []


def _list_waiting(work: Work, call_ids: list[str]) -> list[str]:
    """Those of the calls in which somebody waits for contact."""
    waits = select(responsibility.c.id).where(responsibility.c.id.in_(call_ids), responsibility.c.state.in_(OPEN))
    return sorted(work.connection.execute(waits).scalars())


def _owes_elsewhere(work: Work, before: Row[Any], about: Row[Any]) -> bool:
    """Whether an earlier caller gave a number to be called back on that nobody would ring for the later call."""
    rung = {row.number_hash for row in attempts.list_promises(work, about.id)} or {about.caller_hash}
    own = {before.caller_hash, None}
    owed = [row for row in attempts.list_promises(work, before.id) if row.kind == attempts.URGENT]
    return any(row.number_hash not in own | rung for row in owed)


def continue_stories(work: Work, call_id: str) -> None:
    """Let a call go on with what was begun in the earlier ones.

    First its own page begins, where theirs has come to, whatever the caller is asked just then: nobody who is rung must
    be let go in between. Then theirs stop. Where nobody waits in it any more, because the clock was late, they stay.
    """
    if not _list_waiting(work, [call_id]):
        return
    lock_beside(work, call_id, set(list_open_before(work, call_row(work, call_id))))
    earlier = list_open_before(work, call_row(work, call_id))
    if any(_is_at_it(work, before) for before in earlier) and not _was_paged_for(work, call_id):
        urgencies = (call_row(work, call_id).urgency, *(find_urgency(work, before) for before in earlier))
        escalations.start_escalation(work, call_id, max(urgencies, key=URGENCIES.index))
        set_timer(work, TIMER, call_id, work.at, call_id=call_id)
        return
    for before in earlier:
        _continue(work, before, call_id)


def _is_at_it(work: Work, before: str) -> bool:
    return escalations.find_active(work, before) is not None or is_in_hand(work, before)


def _was_paged_for(work: Work, call_id: str) -> bool:
    theirs = select(escalation.c.id).where(escalation.c.call_id == call_id)
    return work.connection.execute(theirs).first() is not None


def _continue(work: Work, before: str, call_id: str) -> None:
    """Let one earlier call go on in this one, at the higher urgency of both, by when it was promised first."""
    _raise_to(work, call_id, find_urgency(work, before))
    first = find_first_promised(work, before)
    record(work, "continued-in", before, by=call_id)
    record(work, returning.CONTINUES, call_id, of=before, **({"promise": first.id} if first is not None else {}))
    if first is not None:
        move_due_forward(work, call_id, first)
    running = escalations.find_active(work, before)
    if running is not None:
        fire(work, ESCALATION, escalation, running.id, "stop")
    for row in attempts.list_promises(work, before):
        if row.kind == attempts.URGENT and fire(work, PROMISE, promise, row.id, "replace", closed_as="replaced"):
            record(work, "promise-replaced", before, promise=row.id, by=call_id)
    fire(work, RESPONSIBILITY, responsibility, before, "end", continued_in=call_id, changed_at=work.at)
    cancel_timer(work, "held", before)
    _bring_people(work, before)
    work.touched.update((before, call_id))


def find_urgency(work: Work, call_id: str) -> str:
    """How urgent a story is."""
    return str(
        work.connection.execute(select(responsibility.c.urgency).where(responsibility.c.id == call_id)).scalar_one()
    )


def _raise_to(work: Work, call_id: str, urgency: str) -> None:
    highest = more_urgent(call_row(work, call_id).urgency, urgency)
    work.connection.execute(update(call).where(call.c.id == call_id).values(urgency=highest))
    if escalations.find_active(work, call_id) is not None:
        escalations.start_escalation(work, call_id, highest)


def _bring_people(work: Work, before: str) -> None:
    """Bring whoever had accepted the earlier call to the patient, and let the house and a phone that only rings be.

    Nobody of the patient's side is on the line: such a call goes on by itself.
    """
    accepted = select(page.c.id).where(page.c.call_id == before, page.c.state == "accepted")
    theirs = set(work.connection.execute(accepted).scalars())
    for row in legs.list_living(work, before, rings.ROLE):
        if row.subject_id in theirs and row.outcome is None:
            answer_and_redirect(work, row.id, Joined("caller", "caller"), WithPerson, AskMeanwhile)
    for row in legs.list_living(work, before, HOUSE):
        legs.enqueue_hang_up(work, row.id)
    for row in legs.list_living(work, before, "patient"):
        legs.enqueue_cancel(work, row.id)
