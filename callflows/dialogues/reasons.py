"""What the caller wants: the notice, the practice's menu, and the choice not to be recorded."""

from __future__ import annotations

from dataclasses import replace

from callflows.dialogues.questions import Option, menu
from callflows.prompts import CATALOGUES, Line
from callflows.values import Call
from callflows.vocabulary import Dialogue, Do, Fact, NoteCall, RefuseRecording, Say, StartRecording

UNRECORDED = "unrecorded"

WORDS: dict[str, tuple[str, ...]] = {
    "nurse": ("nurse", "doctor", "sick", "hurt*", "pain", "enfermera", "medico", "enfermo", "enferma", "dolor"),
    "scheduling": ("appointment*", "schedul*", "cita*"),
    "prescriptions": ("prescription*", "refill*", "medicine", "receta*", "medicina"),
    "billing": ("bill*", "payment*", "insurance", "cuenta*", "pago*"),
    "results": ("result*", "test*", "lab", "resultado*", "prueba*"),
}
"""What callers say for each common service, besides its name."""


def reason(call: Call) -> Dialogue:
    """Give the recording notice and ask what the caller wants. Returns a service."""
    place = yield Fact("welcome/place", "kept_place")
    greeting = (call.line("greeting", practice=call.practice.name), *call.lines("notice"))
    yield Say("welcome", (*greeting, *call.lines("greeting.kept")) if place["kept"] == "yes" else greeting)
    choice = yield from menu(call, "reason", reason_lines(call), reason_options(call))
    if choice == UNRECORDED:
        yield Do("reason/unrecorded", RefuseRecording())
        call = replace(call, practice=replace(call.practice, may_refuse_recording=False))
        choice = yield from menu(call, "reason/again", reason_lines(call), reason_options(call))
    yield Do("reason/record", StartRecording())
    yield Do("reason/note", NoteCall(service=choice))
    return call.practice.service(choice)


def reason_lines(call: Call) -> tuple[Line, ...]:
    """The menu, action before key, a person last."""
    options = tuple(
        call.line("menu.option", service=service_name(service.name, call.language), key=key)
        for key, service in call.practice.menu
    )
    opt_out = call.lines("notice.opt_out") if call.practice.may_refuse_recording else ()
    return (*call.lines("menu.lead"), *options, *call.lines("menu.person"), *opt_out)


def reason_options(call: Call) -> tuple[Option, ...]:
    """The practice's services by key and word; the choice not to be recorded is always last."""
    services = tuple(Option(key, service.name, WORDS.get(service.name, ())) for key, service in call.practice.menu)
    return (*services, Option("9" if call.practice.may_refuse_recording else "", UNRECORDED))


def service_name(name: str, language: str) -> str:
    """A service as it is spoken; one without a catalogue entry is spoken as it is written."""
    return CATALOGUES[language].get(f"service.{name}", name)
