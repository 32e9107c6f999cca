"""The rule that exactly one person or one ladder is responsible at every instant, over the composed lifecycles.

Calls, pages, escalations, promises, holds and the house are walked together, in every order in which their news can
come, by the same tables and the same decision that the shell executes. After each event it is decided as the shell
decides at the end of a transaction. On every state: nobody is left without somebody as long as there was no contact,
there are never two, whoever is named is there, the ladder that has it has something under way, and no urgency falls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from callflows.lifecycles.table import Lifecycle
from callflows.lifecycles.tables import ESCALATION, PAGE, PROMISE, RESPONSIBILITY
from callflows.responsibility import LADDER, Facts, Owed, Paging, Responsible, decide, event_of
from callflows.values import URGENCIES

_START = datetime(2026, 1, 1, tzinfo=UTC)
_TOLD, _TRIED, _HEARD, _NEXT = (_START + timedelta(minutes=minutes) for minutes in range(4))
OPEN = ("unassigned", "escalating", "assigned", "reopened")
CLINICIAN, HOUSE = "dr-lee", "house"
MOST_STEPS = range(4)


@dataclass(frozen=True, slots=True)
class Story:
    """One call, as far as it decides who is responsible.

    ``line`` is what the patient does: gone, at the questions of a flow, or in a talk with who is there. ``clinician``
    is whether one who accepted is on the telephone ("on"), holds it ("holds"), or neither. ``house`` is as in
    :class:`Facts`, or "rings" and "on". ``told`` is the highest urgency that was told of.
    """

    told: int = 0
    symptom: bool = False
    contact: bool = False
    line: str = "asked"
    escalation: str = ""
    climbed: int = 0
    page: str = ""
    clinician: str = ""
    promise: str = ""
    tried_next: bool = False
    owed: int = 0
    house: str = ""
    state: str = ""
    person: str = LADDER
    urgency: int = 0


def find_breach() -> str:
    """What is wrong in the first state in which something is, with the events that lead there; "" where nothing is."""
    begun = Story()
    seen = {begun}
    waiting: deque[tuple[Story, tuple[str, ...]]] = deque([(begun, ())])
    while waiting:
        story, so_far = waiting.popleft()
        for event, after in _events(story):
            settled = _settle(after)
            wrong = _judge(story, settled)
            if wrong:
                return f"{wrong}, after: {', '.join((*so_far, event))}"
            if settled not in seen:
                seen.add(settled)
                waiting.append((settled, (*so_far, event)))
    return ""


def count_states() -> int:
    """How many states are walked where nothing is wrong."""
    seen, waiting = {Story()}, [Story()]
    while waiting:
        for _, after in _events(waiting.pop()):
            settled = _settle(after)
            if settled not in seen:
                seen.add(settled)
                waiting.append(settled)
    return len(seen)


def facts_of(story: Story) -> Facts:
    """What the shell would read of such a call."""
    ended = None if story.escalation == "paging" else _TRIED
    holds = story.clinician == "holds"
    return Facts(
        urgency=URGENCIES[story.told],
        opened_at=_TOLD if story.symptom else None,
        contact_at=_HEARD if story.contact else None,
        line=bool(story.line),
        clinicians=(CLINICIAN,) if story.clinician == "on" else (),
        staff=(HOUSE,) if story.house == "on" else (),
        holder=CLINICIAN if holds else "",
        held_until=_NEXT if holds else None,
        paging=Paging(story.escalation, URGENCIES[story.climbed], ended) if story.escalation else None,
        owed=_owed(story),
        house={"rings": "asked", "on": "asked"}.get(story.house, story.house),
    )


def _owed(story: Story) -> tuple[Owed, ...]:
    if story.promise not in ("open", "working"):
        return ()
    return (Owed(URGENCIES[story.owed], _NEXT if story.tried_next else None),)


def _settle(story: Story) -> Story:
    """Decide, write down, and begin what must be, as the shell does at the end of a transaction."""
    for _ in MOST_STEPS:
        facts = facts_of(story)
        decided = decide(facts)
        if story.state or decided.open:
            story = _write(story, facts, decided)
        if not decided.begin:
            break
        story = _begin(story, decided)
    return story


def _write(story: Story, facts: Facts, decided: Responsible) -> Story:
    urgency = max(story.urgency, URGENCIES.index(decided.urgency))
    state = story.state or RESPONSIBILITY.begins
    for _ in range(2):
        state = _after(RESPONSIBILITY, state, event_of(state, facts, decided))
    return replace(story, state=state, person=decided.person, urgency=urgency if decided.open else story.urgency)


def _begin(story: Story, decided: Responsible) -> Story:
    urgency = URGENCIES.index(decided.urgency)
    match decided.begin:
        case "promise":
            return _owe(story, max(urgency, 1))
        case "house":
            return replace(story, house="rings")
        case _:
            return _retry(story)


def _events(story: Story) -> Iterator[tuple[str, Story]]:
    """Everything that may happen next."""
    yield from _of_the_caller(story)
    yield from _of_the_page(story)
    yield from _of_the_clinician(story)
    yield from _of_the_promise(story)
    yield from _of_the_house(story)


def _of_the_caller(story: Story) -> Iterator[tuple[str, Story]]:
    if story.line == "asked":
        for told in range(max(story.told, 1), len(URGENCIES)):
            news = replace(story, symptom=True, told=told, contact=story.contact and story.symptom)
            yield f"an illness is told of, {URGENCIES[told]}", news
            yield f"an illness is told of, {URGENCIES[told]}, and a clinician is paged", _climb(news)
        yield "an agent brings in a clinician", _climb(replace(story, told=max(story.told, 1)))
        if story.promise not in ("open", "working"):
            yield "an urgent call-back is promised", _owe(story, 1)
    if story.line:
        yield "the line drops", _drop(story)
    elif story.state:
        yield "the patient calls again", replace(story, line="asked")


def _drop(story: Story) -> Story:
    """The flow of whoever has a symptom owes them a call-back, unless both have talked."""
    owes = story.symptom and not story.contact and story.promise not in ("open", "working")
    gone = replace(story, line="")
    return _owe(gone, max(story.told, 1)) if owes else gone


def _owe(story: Story, urgency: int) -> Story:
    return replace(story, promise=PROMISE.begins, tried_next=True, owed=urgency)


def _climb(story: Story) -> Story:
    """A page that runs goes on, at the higher urgency."""
    if story.escalation == "paging":
        return replace(story, climbed=max(story.climbed, story.told, story.owed))
    if story.clinician == "on":
        return story
    urgency = max(story.told, story.owed)
    house = "" if story.house in ("due", "asked") else story.house
    return replace(story, escalation=ESCALATION.begins, page=PAGE.begins, climbed=urgency, house=house)


def _of_the_page(story: Story) -> Iterator[tuple[str, Story]]:
    if story.escalation != "paging" or story.page != "open":
        return
    if story.clinician == "":
        taken = replace(story, page=_after(PAGE, "open", "accept"), clinician="on", escalation="accepted")
        yield "a clinician accepts", replace(taken, escalation=_after(ESCALATION, "paging", "accept"))
    for event in ("decline", "lapse"):
        move = PAGE.move("open", event)
        goes_on = move is not None and "page_next_person" in move.actions
        yield f"the page is not taken ({event}), and the next is paged", replace(story, page="open" if goes_on else "")
        if goes_on:
            yield f"the page is not taken ({event}), and nobody is left", _exhaust(story)


def _exhaust(story: Story) -> Story:
    move = ESCALATION.move("paging", "exhaust")
    assert move is not None
    ended = replace(story, escalation=move.to, page="", house="due")
    if "retry_urgent_promises" in move.actions and ended.promise == "working":
        return _retry(ended)
    return ended


def _retry(story: Story) -> Story:
    move = PROMISE.move(story.promise, "retry")
    if move is None:
        return story
    return replace(story, promise=move.to, tried_next="schedule_retry" in move.actions)


def _of_the_clinician(story: Story) -> Iterator[tuple[str, Story]]:
    if story.clinician == "on":
        yield "the clinician's line breaks", replace(story, clinician="")
        if story.line:
            yield "clinician and patient hear each other", _contact(story)
        else:
            yield "the clinician keeps it by a key", replace(story, clinician="holds")
    if story.clinician == "holds":
        yield "the hold ends", _retry(replace(story, clinician=""))


def _contact(story: Story) -> Story:
    kept = _after(PROMISE, story.promise, "keep") if story.promise else ""
    return replace(story, contact=True, promise=kept, tried_next=False, line="talk")


def _of_the_promise(story: Story) -> Iterator[tuple[str, Story]]:
    if not (story.promise == "open" and story.tried_next):
        return
    move = PROMISE.move("open", "due")
    assert move is not None
    works = replace(story, promise=move.to, tried_next=False)
    in_hand = story.clinician or story.house == "on" or story.escalation == "paging"
    yield "what is owed is tried", works if in_hand else _climb(works)


def _of_the_house(story: Story) -> Iterator[tuple[str, Story]]:
    if story.house == "rings":
        yield "the house does not answer", replace(story, house="asked")
        if not (story.clinician or story.line):
            yield "the house takes the patient", replace(story, house="on", line="talk")
    if story.house == "on":
        yield "the house and the patient hear each other", replace(_contact(story), house="asked", line="")
        yield "the house loses the patient", replace(story, house="asked", line="")


def _after(lifecycle: Lifecycle, state: str, event: str) -> str:
    move = lifecycle.move(state, event) if event else None
    return move.to if move is not None else state


def _judge(before: Story, story: Story) -> str:
    """What is wrong in a state, or between it and the one before."""
    if story.urgency < before.urgency:
        return f"the urgency falls from {URGENCIES[before.urgency]} to {URGENCIES[story.urgency]}"
    waits = (_wants_clinician(story) and not story.contact) or story.promise in ("open", "working")
    if not waits:
        return ""
    if story.state not in OPEN:
        return "nobody is responsible, and there was no contact"
    if (story.state == "assigned") != (story.person != LADDER):
        return "a person and a ladder are responsible at once, or neither"
    if story.urgency < max(story.told, story.owed):
        return f"what is {URGENCIES[max(story.told, story.owed)]} is cared for as {URGENCIES[story.urgency]}"
    if story.person not in (LADDER, *_there(story)):
        return f"{story.person} is responsible, and is not there"
    if story.person == LADDER and not (story.line or _is_under_way(story)):
        return "the ladder is responsible, and nothing is under way"
    if story.escalation == "exhausted" and story.house == "due" and not (story.line or _there(story)):
        return "a ladder ended in vain, and the house is not rung"
    return ""


def _wants_clinician(story: Story) -> bool:
    return story.symptom or story.escalation in ("paging", "accepted")


def _there(story: Story) -> tuple[str, ...]:
    return (*((CLINICIAN,) if story.clinician else ()), *((HOUSE,) if story.house == "on" else ()))


def _is_under_way(story: Story) -> bool:
    pages = story.escalation == "paging" and story.page == "open"
    return pages or story.tried_next or story.house == "rings"
