"""What is explored: each flow as a practice's callers, or those who are rung, meet it."""

from __future__ import annotations

from dataclasses import replace

from callflows.proof import samples
from callflows.proof.events import Monitor
from callflows.proof.graph import Subject
from callflows.proof.kept_safety import ChosenLanguage
from callflows.proof.possible import HANG_UP, World
from callflows.proof.safety import caller_rules, landing_rules, listed_rules
from callflows.proof.staff_safety import (
    ADMITTED_RULES,
    AGENT_RULES,
    CLINICIAN_RULES,
    DRILL_RULES,
    HOUSE_RULES,
    INTERPRETER_RULES,
    PATIENT_RULES,
    RETURNED_RULES,
    InterpreterAsked,
)
from callflows.proof.true_words import true_words
from callflows.registry import current
from callflows.values import Call, Interpreting, Offer, Page

RUNG = World(interruptions=(HANG_UP,))
"""Supervisors take over callers; whoever was rung by us can only hang up."""


def caller_subjects(label: str, call: Call) -> tuple[Subject, ...]:
    """The flows somebody who calls a practice may meet."""
    return tuple(
        _calling(flow, label, call) for flow in ("inbound", *(("backline",) if call.practice.has_backline else ()))
    )


def sample_subjects() -> tuple[Subject, ...]:
    """Everything that is explored where no configuration is given."""
    calling = [subject for label, call in samples.variants() for subject in caller_subjects(label, call)]
    hidden = landing_subjects("hidden numbers", samples.hidden())
    return (*calling, *landing_subjects("a usual practice", samples.usual()), *hidden, *rung_subjects(samples.usual()))


def released_subjects(flow: str) -> tuple[Subject, ...]:
    """What a release of ``flow`` is frozen on."""
    hidden, full = samples.hidden(), samples.full()
    known = (*caller_subjects("everything", full), *caller_subjects("hidden numbers", hidden))
    listed = _calling("backline", "listed professionals", samples.listed())
    landing = (*landing_subjects("everything", full), *landing_subjects("hidden numbers", hidden))
    return tuple(subject for subject in (*known, listed, *landing, *rung_subjects(full)) if subject.flow == flow)


def landing_subjects(label: str, call: Call) -> tuple[Subject, ...]:
    """The flows of a call that went wrong, or that no practice owns."""
    return (_calling("safe_landing", label, call), _calling("unknown_number", label, call))


def rung_subjects(call: Call) -> tuple[Subject, ...]:
    """The flows of those whom we ring."""
    practice, language = call.practice.name, call.language
    plain = Offer(practice, "scheduling", language, waited_seconds=60)
    urgent = Offer(practice, "nurse", language, "urgent", is_callback=True)
    patient = (*PATIENT_RULES, ChosenLanguage(language=language))
    return (
        Subject("listed_number", "a listed number", current("listed_number").play, call, listed_rules(call), World()),
        _rung("called_back", "a patient", replace(call, movable=True), patient),
        _rung("called_back", "a patient whose line dropped", replace(call, asked_back=False), patient),
        _rung("agent_offer", "an offer", plain, (*AGENT_RULES, InterpreterAsked())),
        _rung("agent_offer", "a call-back", urgent, (*AGENT_RULES, InterpreterAsked())),
        _rung(
            "agent_offer",
            "an offer with an interpreter",
            replace(plain, caller_language="es-US", interpreter=True, relation="parent"),
            (*AGENT_RULES, InterpreterAsked(True)),
        ),
        _rung("agent_offer", "an offer with codes", replace(plain, codes=True), (*AGENT_RULES, InterpreterAsked())),
        _rung("house_call", "the house", Page(practice), HOUSE_RULES),
        _rung("drill_call", "whoever goes on call", Page(practice), DRILL_RULES),
        _rung("interpreter_call", "an interpreter", Interpreting(practice, "es-US"), INTERPRETER_RULES),
        _rung("clinician_page", "a page", Page(practice), CLINICIAN_RULES),
        _rung("clinician_page", "a consult", Page(practice, consult=True), CLINICIAN_RULES),
        _rung("clinician_page", "the next of several", Page(practice, admitted=True), ADMITTED_RULES),
        _rung(
            "clinician_page",
            "a patient who has called again",
            Page(practice, admitted=True, returned=True),
            RETURNED_RULES,
        ),
    )


def _calling(flow: str, label: str, call: Call) -> Subject:
    if flow == "safe_landing":
        rules = landing_rules(call, call.language)
    else:
        rules = caller_rules(call, tell=flow == "inbound", alarm=flow == "unknown_number")
    return Subject(flow, label, current(flow).play, call, rules, World(flags=_flags_of_help_lines(call)))


def _flags_of_help_lines(call: Call) -> tuple[str, ...]:
    """One red flag for each help line that is offered: which of several makes no difference to a flow."""
    flags = {line: flag for screen in call.practice.screens() for flag, line in screen.help_lines}
    return tuple(flags.values())


def _rung(flow: str, label: str, told: object, rules: tuple[Monitor, ...]) -> Subject:
    return Subject(flow, label, current(flow).play, told, (*rules, true_words(told)), RUNG)
