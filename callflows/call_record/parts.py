"""The lists of a record: what was asked, how the level rose, what was advised, who was called, who came, promises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from callflows.call_record import heard
from callflows.call_record.help_lines import is_offer, list_help_lines
from callflows.call_record.material import Material
from callflows.call_record.patients import (
    AGES_IN_WORDS,
    describe_who,
    is_about_patient,
    list_not_asked,
    protocols_used,
    question_of,
    why_no_screen,
)
from callflows.call_record.values import Cell, instant_or, say_code
from callflows.call_record.why import (
    FORGOTTEN,
    is_over,
    is_screened,
    why_not_asked,
)
from callflows.engine.retelling import Exchange, Said
from callflows.values import URGENCIES
from callflows.vocabulary import Answer, DialEnded, DialHouse, Interrupted, Joined

Rows = tuple[tuple[Cell, ...], ...]
_ADVICE = re.compile(r"\b(911|988)\b|emergency room|sala de emergencias", re.IGNORECASE)
"""What words of advice name: the emergency numbers, and the emergency room. The words of help lines are advice too."""
HOUSE = "the operator's fallback number"
NOT_KNOWN = "not known: the flow has changed since, or no longer ships"
CHANGED = "The flow has changed since this call: its questions stand here in the words of today."
PARTLY = "From some answer on, what had been asked is not known: the flow has changed since, or no longer ships."
NO_ADVICE = "none was said"
LOST = "What was said to the caller is not known from some answer on: the flow has changed since, or no longer ships."


@dataclass(frozen=True, slots=True)
class List:
    """One list: its columns, its rows, and what is to be said of them: why there are none, or what is not known."""

    name: str
    columns: tuple[str, ...]
    tell: Callable[[Material], Rows]
    remark: Callable[[Material, Rows], str]


def tell_questions(known: Material) -> Rows:
    """Every question with its answer."""
    return tuple(_asked(known, one) for one in known.exchanges if heard.is_question(one))


def _asked(known: Material, one: Exchange) -> tuple[Cell, ...]:
    words = heard.words_of(one.request) or f"{one.key} (its words are {NOT_KNOWN})"
    return (
        one.at,
        words,
        heard.describe_answer(one),
        heard.describe_hearing(one.answer, free=heard.asks_for_words(one)),
        heard.flag_of(one.answer),
        _meaning(known, one),
    )


def _meaning(known: Material, one: Exchange) -> str:
    if is_about_patient(one):
        return describe_who(one)
    question, ill = question_of(known, one), heard.raised_by_all_but_no(one)
    if question is None:
        return heard.describe_screening(one.answer, ill) if ill else heard.describe_meaning(one)
    if heard.wants_person(one.answer):
        return "wants a person: a clinician is called at once"
    again = one.key.removesuffix("/0") + "/1"
    asked_again = one.key.endswith("/0") and any(each.key == again for each in known.exchanges)
    return heard.describe_screening(one.answer, question.raises_to, asked_again=asked_again)


def remark_questions(known: Material, rows: Rows) -> str:
    """What is not known of the questions."""
    if known.about.forgotten:
        return FORGOTTEN
    if not known.conversations:
        return "no conversation was begun"
    if any(not one.retold.whole for one in known.conversations):
        return PARTLY
    if any(not one.as_then for one in known.conversations):
        return CHANGED
    return "" if rows else "nothing was asked: the caller was gone before"


def tell_not_asked(known: Material) -> Rows:
    """The questions of the set in use that were not asked, each with the reason."""
    if not is_screened(known):
        return ()
    why = why_not_asked(known)
    return tuple((one.words[0], why if fits else _ages(one.ages)) for one, fits in list_not_asked(known))


def _ages(ages: tuple[str, ...]) -> str:
    return f"not asked: it is for patients {' or '.join(AGES_IN_WORDS[age] for age in ages)}"


def remark_not_asked(known: Material, rows: Rows) -> str:
    """Why no question of a protocol is left."""
    if rows:
        return ""
    used = protocols_used(known) if is_screened(known) else ()
    return "every question of the protocol was asked" if used else why_no_screen(known) or why_not_asked(known)


def tell_levels(known: Material) -> Rows:
    """Each rise of the level, and the last answer before it."""
    return tuple(_rises(known))


def _rises(known: Material) -> Iterator[tuple[Cell, ...]]:
    level = "routine"
    for one in known.raises:
        if URGENCIES.index(one.urgency) > URGENCIES.index(level):
            level = one.urgency
            yield one.at, level, _because(known, one.at)


def _because(known: Material, at: datetime) -> str:
    before = [one for one in known.exchanges if one.at <= at and heard.is_question(one)]
    if not before:
        return FORGOTTEN if known.about.forgotten else "no answer came before"
    last = before[-1]
    flag = heard.flag_of(last.answer)
    told = f"{_meaning(known, last)}, {heard.describe_hearing(last.answer, free=heard.asks_for_words(last))}"
    return told if flag == heard.NO_FLAG else f"{told}, red flag {flag}"


def remark_levels(known: Material, rows: Rows) -> str:
    """Why the level never rose."""
    return "" if rows else "stayed routine: nothing raised it"


def tell_advice(known: Material) -> Rows:
    """Every time that the caller was told when to dial an emergency number, or of a help line."""
    return tuple(row for one in known.said for row in _advice(one))


def _advice(one: Said) -> Rows:
    helps = [line.spoken() for line in one.lines if is_offer(line)]
    words = [line.spoken() for line in one.lines if not is_offer(line) and _ADVICE.search(line.spoken())]
    if one.waiting:
        told = (*words[:1], *helps)
        return tuple((one.at, each, "while waiting, again and again in these or other words") for each in told)
    return tuple((one.at, each, "said") for each in (*words, *helps))


def remark_advice(known: Material, rows: Rows) -> str:
    """What is not known of the advice."""
    if known.about.forgotten and not rows:
        return FORGOTTEN
    if any(not one.retold.whole for one in known.conversations):
        return LOST
    return "" if rows else NO_ADVICE


def tell_help_lines(known: Material) -> Rows:
    """Every help line that the caller was offered."""
    return tuple(list_help_lines(known))


def remark_help_lines(known: Material, rows: Rows) -> str:
    """Why no help line is told of."""
    return "none was offered" if (told := remark_advice(known, rows)) == NO_ADVICE else told


def tell_attempts(known: Material) -> Rows:
    """Everybody who was asked to come, each try with its end, in the order in which they were asked."""
    people = (
        (
            one.asked_at,
            (
                one.person,
                one.role,
                one.by,
                one.asked_at,
                instant_or(one.answered_at, "not answered"),
                instant_or(one.ended_at, "not ended"),
                one.end,
            ),
        )
        for one in known.attempts
    )
    houses = (_house(known, one) for one in _house_calls(known))
    return tuple(row for _, row in sorted((*people, *houses), key=lambda tried: tried[0]))


def _house_calls(known: Material) -> list[Exchange]:
    return [one for one in known.exchanges if isinstance(one.request, DialHouse)]


def _house(known: Material, one: Exchange) -> tuple[datetime, tuple[Cell, ...]]:
    """When the operator's fallback number was dialled, and the row about it."""
    lines = getattr(one.request, "lines", ())
    begun = [said.at for said in known.said if said.lines == lines and not said.waiting]
    answered, end = _how_house_ended(one.answer)
    asked_at = begun[-1] if begun else one.at
    return asked_at, (HOUSE, "operator", "telephone", asked_at, answered, one.at, end)


def _how_house_ended(answer: Answer | None) -> tuple[str, str]:
    """Whether the fallback number answered, and how its dial ended: only where that ended by itself are we told."""
    match answer:
        case DialEnded(connected=True):
            return "when is not reported", "talked"
        case DialEnded():
            return "not answered", "nobody answered"
        case Joined():
            return "whether is not reported", "a clinician came"
        case Interrupted(how=how):
            return "whether is not reported", say_code(how)
        case _:
            return "whether is not reported", "not over so far"


def remark_attempts(known: Material, rows: Rows) -> str:
    """Why nobody was asked to come."""
    if rows:
        return ""
    if known.messages or known.promises:
        return "nobody was asked to come: something else was promised"
    return "nobody was asked to come" if is_over(known) else "nobody was asked to come so far"


def tell_parties(known: Material) -> Rows:
    """Everybody who talked with the caller; the operator's fallback number last."""
    people = (
        (one.person, one.role, instant_or(one.since, "joining was not reported"), instant_or(one.until, "still there"))
        for one in known.parties
    )
    houses = (one.at for one in _house_calls(known) if one.answer == DialEnded(True))
    return (*people, *((HOUSE, "operator", "when it answered is not reported", at) for at in houses))


def remark_parties(known: Material, rows: Rows) -> str:
    """Why nobody came."""
    if rows:
        return ""
    return "nobody came" if is_over(known) else "nobody has come so far"


def tell_promises(known: Material) -> Rows:
    """What the caller was promised, and what became of it."""
    return tuple(
        (
            f"{say_code(one.kind)}, {say_code(one.service)}",
            one.urgency,
            one.made_at,
            one.due_at,
            say_code(one.state),
            instant_or(one.ended_at, "not ended"),
            str(one.attempts),
        )
        for one in known.promises
    )


def remark_promises(known: Material, rows: Rows) -> str:
    """Why nothing was promised."""
    return "" if rows else "nothing was promised"


PARTS = (
    List("Questions", ("Time", "Asked", "Answer", "Heard", "Red flag", "Taken for"), tell_questions, remark_questions),
    List("Questions not asked", ("Question", "Why"), tell_not_asked, remark_not_asked),
    List("Levels", ("Time", "Level", "Because of"), tell_levels, remark_levels),
    List("Advice", ("Time", "Words", "How"), tell_advice, remark_advice),
    List("Help lines", ("Line", "Offered", "Taken", "Ended", "End"), tell_help_lines, remark_help_lines),
    List("Called", ("Who", "As", "By", "Asked", "Answered", "Ended", "End"), tell_attempts, remark_attempts),
    List("Came", ("Who", "As", "From", "Until"), tell_parties, remark_parties),
    List(
        "Promises",
        ("Promised", "Level", "Made", "Due", "State", "Ended", "Attempts"),
        tell_promises,
        remark_promises,
    ),
)
