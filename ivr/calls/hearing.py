"""What is heard in a caller's words: judged once, when they arrive, and kept with the answer.

The ear hears before the transaction, because it takes milliseconds; what belongs to the practice and to the question is
added in it. All of it adds urgency but for one thing: where a number, a day, a name or a code is asked for and is all
that was said, what the ear alone takes it for is set aside. What a phrase of a protocol, 911 or a meter says never is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import Row

from callflows.vocabulary import Answer, Ask, Request, Spoke, Wait
from callflows.vocabulary.hearing import CALM, DANGERS, EMERGENT, FLAGGED, GRAVE, ILL, PERSON, SUSPECT, UNJUDGED
from callflows.vocabulary.requests import CONFIRM, SEEN, WHOM
from ivr.calls.configuration import NO_PRACTICE, call_row, pinned_of
from ivr.calls.flow_view import screening_protocols
from ivr.core.services import Services
from ivr.core.unit_of_work import Work
from ivr.directory.schema import ProtocolFile
from ivr.directory.schema.protocol import Listened, phrases_of
from ivr.hearing.clinical_stems import is_clinical
from ivr.hearing.confirmations import read_confirmation
from ivr.hearing.ear import Ear, ear_for_answers
from ivr.hearing.heard import Class, Heard, Sureness, is_grave, judge, sureness
from ivr.hearing.phrases import raises
from ivr.hearing.plain_answers import NAME, rest_of
from ivr.hearing.replies import denies_wellness, is_bare_reply, plain_reply, read_reply
from ivr.hearing.seen_before import rest_beside_seen
from ivr.hearing.wishes import wish_in

logger = structlog.get_logger(__name__)

_DANGERS = {Class.EMERGENT: SUSPECT, Class.CLINICAL: ILL}


def listen(services: Services, answer: Answer) -> Answer:
    """The answer with what the ear hears in it. An ear that fails leaves words unjudged, which counts as dangerous.

    It is not asked about a bare no or doubt, which is like none of the sentences that it learned.
    """
    if not isinstance(answer, Spoke):
        return answer
    replied = replace(answer, reply=read_reply(answer.words))
    if is_bare_reply(answer.words):
        return replace(replied, danger=CALM)
    ear = _ear(services)
    heard = _hear(ear, answer.words) if ear else None
    if heard is None:
        return replace(replied, danger=UNJUDGED)
    danger, flag = _danger_in(heard)
    sure = judge(heard) is Class.OFFICE and sureness(heard) is Sureness.SURE
    return replace(replied, danger=danger, wish=heard.service if sure else "", flag=flag)


def add_what_is_asked(work: Work, row: Row[Any], request: Request, answer: Answer) -> Answer:
    """The answer with what the phrases of the practice's protocol raise, and the wish that answers the question."""
    if not isinstance(answer, Spoke) or not isinstance(request, Ask | Wait):
        return answer
    wishes = request.wishes if isinstance(request, Ask) else ()
    if isinstance(request, Ask) and request.item:
        answer = _ill_where_not_well(request, _judged_beside_item(work.services, request, answer))
    if isinstance(request, Ask) and request.item == CONFIRM:
        answer = replace(answer, reply=read_confirmation(answer.words))
    wish = answer.wish if answer.wish in (*wishes, PERSON) else ""
    danger, flag = _raised_by_phrases(work, row, answer)
    return replace(answer, danger=danger, flag=flag, wish=wish or wish_in(answer.words, wishes))


def _judged_beside_item(services: Services, request: Ask, answer: Spoke) -> Spoke:
    """The answer as it is judged where an item is asked for.

    Calm where it is the item and nothing else. What is said beside the item is heard by itself too where a word of it
    may tell of an illness, since in one breath with the item it says less; the more dangerous counts. Without an ear a
    name is not told from other words.
    """
    ear = _ear(services)
    if ear is None and request.item == NAME:
        return answer
    rest = _rest_beside(ear, request, answer.words)
    if not rest:
        return replace(answer, danger=CALM, flag="", wish="" if request.item in (WHOM, SEEN) else answer.wish)
    heard = _hear(ear, rest) if ear and (request.item != NAME or any(map(is_clinical, rest.split()))) else None
    if heard is None:
        return answer
    danger, flag = _danger_in(heard)
    return replace(answer, danger=danger, flag=flag) if _rank(danger) > _rank(answer.danger) else answer


def _ill_where_not_well(request: Ask, answer: Spoke) -> Spoke:
    """The answer, with an illness in it where it says that somebody is not well: the ear hears none in that.

    Of what is read back it may be said that it is not right.
    """
    unwell = request.item != CONFIRM and denies_wellness(plain_reply(answer.words))
    return replace(answer, danger=ILL) if unwell and _rank(answer.danger) < _rank(ILL) else answer


def _rest_beside(ear: Ear | None, request: Ask, words: str) -> str:
    """What is left of an answer beside the item that was asked for."""
    if request.item == SEEN:
        return rest_beside_seen(words)
    return rest_of(words, request.item, request.language, ear.classifier.vocabulary.places if ear else ())


def _ear(services: Services) -> Ear | None:
    """The ear; None where it cannot be opened, now or a moment ago."""
    try:
        return ear_for_answers(services.settings, services.clock.now())
    except Exception as problem:  # whatever it is, the caller goes on
        logger.error("ear_failed", error=type(problem).__name__)
        return None


def _hear(ear: Ear, words: str) -> Heard | None:
    try:
        return ear.hear(words)
    except Exception as problem:  # whatever it is, the caller goes on
        logger.error("ear_failed", error=type(problem).__name__)
        return None


def _danger_in(heard: Heard) -> tuple[str, str]:
    """The danger of what was heard, and the red flag that is likeliest where it may be an emergency."""
    danger = EMERGENT if is_grave(heard) else _DANGERS.get(judge(heard), CALM)
    return danger, heard.group if danger in (SUSPECT, EMERGENT) else ""


def _rank(danger: str) -> int:
    """From the least dangerous up; what nothing has judged counts as what sounds like an emergency."""
    return DANGERS.index(danger or EMERGENT)


def _raised_by_phrases(work: Work, row: Row[Any], answer: Spoke) -> tuple[str, str]:
    about = call_row(work, row.call_id)
    if about.practice_id == NO_PRACTICE:
        return answer.danger, answer.flag
    return danger_by_phrases(tuple(screening_protocols(pinned_of(work, about), about.practice_id).values()), answer)


def danger_by_phrases(protocols: tuple[ProtocolFile, ...], answer: Spoke) -> tuple[str, str]:
    """The danger of words, at least that of the phrases of ``protocols`` in them, and the red flag that was heard.

    Who it is about is often not known yet, so that the phrases of every group are heard. One that pages without the
    911 words is answered as it was signed, unless the ear hears an emergency of another kind beside it.
    """
    listened = tuple(one for protocol in protocols for one in protocol.listened)
    emergencies = tuple(one for one in listened if one.raises_to == "emergent")
    loud = _first_heard(answer.words, tuple(one for one in emergencies if one.says_911))
    if loud:
        return FLAGGED, loud.key
    quiet = _first_heard(answer.words, tuple(one for one in emergencies if not one.says_911))
    if quiet:
        more = answer.danger in (UNJUDGED, EMERGENT) and answer.flag != quiet.key
        return (FLAGGED, answer.flag) if more else (GRAVE, quiet.key)
    others = tuple(one for one in listened if one.raises_to != "emergent")
    ill = answer.danger == CALM and _first_heard(answer.words, others)
    return (ILL if ill else answer.danger), answer.flag


def _first_heard(words: str, listened: tuple[Listened, ...]) -> Listened | None:
    return next((one for one in listened if raises(words, phrases_of(one))), None)
