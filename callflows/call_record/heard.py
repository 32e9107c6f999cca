"""What came back to a question, in words: the answer, how it was heard, its red flag, and what it was taken for."""

from __future__ import annotations

from callflows.call_record.help_lines import is_offer
from callflows.dialogues.help_lines import HELP_KEY
from callflows.dialogues.questions import SearchEnded, WantsPerson, is_alarming, reply_of
from callflows.engine.retelling import Exchange
from callflows.prompts import Line
from callflows.values import Call, Practice
from callflows.vocabulary import (
    Answer,
    Ask,
    Interrupted,
    Joined,
    LeaveMessage,
    MessageLeft,
    NobodyCame,
    Pressed,
    Request,
    Silence,
    Spoke,
    Wait,
)
from callflows.vocabulary.hearing import DOUBT, EMERGENT, FLAGGED, GRAVE, ILL, NO, PERSON, SUSPECT, UNJUDGED, YES

ADDRESS = "/address"
"""How the keys of the question for the street address end."""
NO_FLAG = "none"
NOT_SHOWN = "not shown here: it may tell who the patient is"
UNREADABLE = "cannot be read"
_QUIET = Call(Practice("")).in_emergency()
"""A call in which nothing that is said is news, so that replies are read and nothing is raised."""
_DANGERS = {
    UNJUDGED: "words that nothing judged: taken for an emergency",
    FLAGGED: "an emergency, by a red flag",
    GRAVE: "an emergency, by a phrase that is answered without the 911 words",
    EMERGENT: "an emergency, by the ear",
    SUSPECT: "perhaps an emergency, by the ear",
    ILL: "an illness",
}
_ILLNESS_ASKED = {
    "danger.ask": "emergent",
    "errand.ask": "urgent",
    "identity.symptom": "urgent",
    "reason.ill": "urgent",
}
"""Questions of our own about an illness, by their prompt, and what all but a clear no raises to."""
_REPLIES = {YES: "yes", NO: "no", DOUBT: "in doubt, taken for yes"}


def is_question(exchange: Exchange) -> bool:
    """Whether whoever called was asked something, or told something while waiting."""
    asked, came = exchange.request, exchange.answer
    if isinstance(asked, Ask | LeaveMessage):
        return True
    if isinstance(asked, Wait) or asked is None:
        return came is None or isinstance(came, Pressed | Spoke | Silence | MessageLeft)
    return False


def words_of(request: Request | None) -> str:
    """What was asked, in the words that were spoken; empty where it is not known."""
    if isinstance(request, Wait):
        return f"(while waiting) {_spoken(request.comfort)}"
    lines: tuple[Line, ...] = getattr(request, "lines", ())
    return _spoken(lines)


def describe_answer(exchange: Exchange) -> str:
    """What was keyed or said. Keys and words at a question for several keys are left out: they identify a patient."""
    match exchange.answer:
        case Pressed(digits=digits):
            return f"pressed {digits}" if len(digits) == 1 else f"pressed several keys, {NOT_SHOWN}"
        case Spoke(words=words):
            return f"“{words}”" if _may_show(exchange, exchange.answer) else f"words, {NOT_SHOWN}"
        case Silence():
            return "silence"
        case MessageLeft(seconds=seconds):
            return f"left a message of {seconds} s"
        case Interrupted(how=how):
            return how.replace("-", " ")
        case Joined():
            return "somebody came first"
        case NobodyCame():
            return "the last who could come did not, before it was answered"
        case None:
            return UNREADABLE
        case other:
            return type(other).__name__


def describe_hearing(answer: Answer | None) -> str:
    """How an answer was heard: keyed, by a phrase of the protocol, by the ear, in words that reply, or not at all."""
    match answer:
        case Pressed():
            return "keyed"
        case Spoke(danger="flagged" | "grave"):
            return "phrase of the protocol"
        case Spoke(danger="emergent" | "suspect"):
            return "by the ear"
        case Spoke(danger=""):
            return "not known: logged before it was kept, or the ear failed"
        case Spoke(danger="ill"):
            return "by a phrase or the ear"
        case Spoke(reply=reply, wish=wish) if reply or wish:
            return "reply words"
        case Spoke():
            return "words without a meaning here"
        case Silence():
            return "silence"
        case MessageLeft():
            return "recorded"
        case Interrupted():
            return "the line"
        case Joined() | NobodyCame():
            return "not answered"
        case _:
            return UNREADABLE


def flag_of(answer: Answer | None) -> str:
    """The red flag that was heard in an answer."""
    return answer.flag or NO_FLAG if isinstance(answer, Spoke) else NO_FLAG


def describe_meaning(exchange: Exchange) -> str:
    """What an answer was taken for."""
    answer, reply = exchange.answer, _reply(exchange.answer)
    if isinstance(answer, Joined | NobodyCame):
        return "no answer"
    if _offers_help_line(exchange) and (answer == Pressed(HELP_KEY) or reply == YES):
        return "wants the help line"
    if isinstance(answer, Spoke) and is_alarming(answer):
        return _DANGERS[answer.danger]
    if reply == PERSON:
        return "wants a person"
    if isinstance(answer, Spoke) and exchange.key.endswith(ADDRESS):
        return "where the patient is"
    if isinstance(answer, Spoke) and answer.wish and not reply:
        return f"wants: {answer.wish}"
    if isinstance(answer, Pressed) and not _is_yes_or_no(exchange):
        return "wants to hear it again" if answer.digits == "*" else _choice(exchange, answer)
    if isinstance(answer, Silence | Interrupted):
        return "no answer"
    if isinstance(answer, MessageLeft):
        return "a message"
    if isinstance(answer, Spoke) and "/words/" in exchange.key:
        return "what is wrong, in the caller's own words"
    return _REPLIES.get(reply, "nothing that was asked for")


def wants_person(answer: Answer | None) -> bool:
    """Whether somebody asked for a person instead of answering."""
    return _reply(answer) == PERSON


def raised_by_all_but_no(exchange: Exchange) -> str:
    """The level to which all but a clear no raises, where nothing but an illness was asked about; else empty."""
    answer, lines = exchange.answer, getattr(exchange.request, "lines", ())
    if isinstance(answer, Spoke) and answer.wish and not is_alarming(answer):
        return ""
    return next((_ILLNESS_ASKED[line.prompt] for line in lines if line.prompt in _ILLNESS_ASKED), "")


def describe_screening(answer: Answer | None, raises_to: str, *, asked_again: bool = False) -> str:
    """What an answer to a question about danger was taken for: all but a clear no raises to ``raises_to``."""
    reply, raised = _reply(answer), f"raises to {raises_to}"
    if isinstance(answer, Interrupted):
        return f"{answer.how.replace('-', ' ')}: not answered"
    if answer is None:
        return UNREADABLE
    if reply == NO:
        return "no"
    if isinstance(answer, Spoke) and is_alarming(answer) and reply not in (YES, DOUBT):
        return f"{_DANGERS[answer.danger]}: {raised}"
    if reply in (YES, DOUBT):
        return f"{_REPLIES[reply]}: {raised}"
    if reply == PERSON:
        return f"wants a person, taken for yes: {raised}"
    if isinstance(answer, Silence):
        return f"silence, taken for yes: {raised}"
    return "not understood: asked once more" if asked_again else f"not understood, taken for yes: {raised}"


def _reply(answer: Answer | None) -> str:
    """YES, NO, DOUBT, PERSON or nothing."""
    try:
        return reply_of(_QUIET, answer) if answer is not None else ""
    except WantsPerson:
        return PERSON
    except SearchEnded:
        return ""


def _is_yes_or_no(exchange: Exchange) -> bool:
    """Whether 1 and 2 are yes and no: where nothing else is chosen, and where it is asked whether anybody is ill."""
    asked = exchange.request
    return isinstance(asked, Ask) and asked.digits == 1 and (not asked.wishes or exchange.key.endswith("/ill"))


def _offers_help_line(exchange: Exchange) -> bool:
    asked = exchange.request
    lines = asked.comfort if isinstance(asked, Wait) else getattr(asked, "lines", ())
    return any(is_offer(line) for line in lines)


def _choice(exchange: Exchange, answer: Pressed) -> str:
    """What a key stands for, in the words in which it was offered."""
    if len(answer.digits) > 1:
        return "the keys that were asked for"
    lines: tuple[Line, ...] = getattr(exchange.request, "lines", ())
    offered = (line.spoken() for line in lines if ("key", answer.digits) in line.values)
    return next((f"chose “{words}”" for words in offered), "a choice by key")


def _may_show(exchange: Exchange, answer: Spoke) -> bool:
    asked = exchange.request
    free = isinstance(asked, Wait | LeaveMessage) or (isinstance(asked, Ask) and asked.digits == 1)
    return free or (answer.danger != UNJUDGED and is_alarming(answer))


def _spoken(lines: tuple[Line, ...]) -> str:
    return " ".join(line.spoken() for line in lines)
