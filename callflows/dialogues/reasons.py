"""What the caller wants: the notice, the practice's menu, and the choice not to be recorded.

Whoever is not understood is asked whether anybody is ill before the menu is read again, and whoever is not understood
twice is taken for somebody who is.
"""

from __future__ import annotations

from dataclasses import replace

from callflows.dialogues.dial_in import dial_in
from callflows.dialogues.illness import make_sure_of_errand, need_clear_no
from callflows.dialogues.questions import (
    STAR,
    TRIES,
    Option,
    SymptomHeard,
    again,
    ask,
    chosen,
    is_alarming,
    reply_of,
    wished,
)
from callflows.prompts import CATALOGUES, Line
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    Dialogue,
    Do,
    Fact,
    NoteCall,
    RefuseRecording,
    Say,
    Spoke,
    StartRecording,
)
from callflows.vocabulary.hearing import ILL, NO, SUSPECT

UNRECORDED = "unrecorded"


def reason(call: Call) -> Dialogue:
    """Give the recording notice and ask what the caller wants. Returns a service.

    Raises SymptomHeard also where nothing was understood.
    """
    place = yield Fact("welcome/place", "kept_place")
    greeting = (call.line("greeting", practice=call.practice.name), *call.lines("notice"))
    yield Say("welcome", (*greeting, *call.lines("greeting.kept")) if place["kept"] == "yes" else greeting)
    choice = yield from choose(call, "reason")
    if choice == UNRECORDED:
        yield Do("reason/unrecorded", RefuseRecording())
        call = replace(call, practice=replace(call.practice, may_refuse_recording=False))
        choice = yield from choose(call, "reason/again")
    yield Do("reason/record", StartRecording())
    yield Do("reason/note", NoteCall(service=choice))
    return call.practice.service(choice)


def choose(call: Call, key: str) -> Dialogue:
    """Read the menu until something is chosen. Returns the service's name, or UNRECORDED.

    Raises SymptomHeard where somebody may be ill: they say so, or are not understood a second time. The first star is
    for clinicians, before the menu is read again (DialledIn); each later one only reads it again.
    """
    options, lost = reason_options(call), False
    for attempt in TRIES:
        answer = yield ask(call, f"{key}/{attempt}", reason_lines(call), options)
        choice = wished(answer, options)
        if may_be_ill(answer) and call.practice.service(choice).clinical:
            return choice
        if sounds_ill(answer):
            yield from make_sure_of_errand(call, f"{key}/{attempt}/errand", answer.words)
        else:
            choice = chosen(call, answer, options)
        if choice:
            return choice
        if answer == STAR and attempt == TRIES[0]:
            yield from dial_in(call, f"{key}/dial-in")
        if answer == STAR or sounds_ill(answer):
            continue
        if lost:
            break
        lost = True
        answer = yield ask(call, f"{key}/ill", (*again(call, answer), *call.lines("reason.ill")), options)
        choice = chosen_by_the_well(call, answer, options)
        if choice:
            return choice
    raise SymptomHeard


def may_be_ill(answer: Answer) -> bool:
    """Whether words tell of an illness that need not be an emergency: on the way to a nurse it is no news."""
    return isinstance(answer, Spoke) and answer.danger in (ILL, SUSPECT)


def sounds_ill(answer: Answer) -> bool:
    """Whether words sound like an illness to the ear, and not like an emergency."""
    return isinstance(answer, Spoke) and answer.danger == ILL


def chosen_by_the_well(call: Call, answer: Answer, options: tuple[Option, ...]) -> str:
    """What is wished in an answer to whether anybody is ill, or "" at a clear no. Raises SymptomHeard at all others."""
    choice = wished(answer, options)
    if not choice or is_alarming(answer) or reply_of(call, answer) not in ("", NO):
        need_clear_no(call, answer)
    return choice


def reason_lines(call: Call) -> tuple[Line, ...]:
    """The menu, action before key, a person last."""
    options = tuple(
        call.line("menu.option", service=service_name(service.name, call.language), key=key)
        for key, service in call.practice.menu
    )
    opt_out = call.lines("notice.opt_out") if call.practice.may_refuse_recording else ()
    return (*call.lines("menu.lead"), *options, *call.lines("menu.person"), *opt_out)


def reason_options(call: Call) -> tuple[Option, ...]:
    """The practice's services by key and wish, and the choice not to be recorded where there is one."""
    services = tuple(Option(key, service.name) for key, service in call.practice.menu)
    return (*services, Option("9", UNRECORDED)) if call.practice.may_refuse_recording else services


def service_name(name: str, language: str) -> str:
    """A service as it is spoken; one without a catalogue entry is spoken as it is written."""
    return CATALOGUES[language].get(f"service.{name}", name)
