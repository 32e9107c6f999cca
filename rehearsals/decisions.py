"""The reasons of what happened: events of the installation in the words of a nurse manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ivr.calls.events import tell_code
from ivr.directory.on_call import OnCall
from ivr.directory.organisation import Organisation
from routing.rota import next_on_call, on_call
from routing.zones import to_local

Told = Callable[[Row[Any], Organisation], str]
_STANDINGS: Mapping[str, Callable[[OnCall, datetime], str | None]] = {
    "on call for": lambda duty, at: on_call(duty.rota, at),
    "next on call for": lambda duty, at: next_on_call(duty.rota, at),
    "medical director of": lambda duty, _at: duty.director,
}


def decision(row: Row[Any], organisation: Organisation) -> str | None:
    """Tell one event as a decision. Return None for events that the phones show already."""
    tell = _TOLD.get(row.kind)
    return None if tell is None else tell(row, organisation)


def _paged(row: Row[Any], organisation: Organisation) -> str:
    return f"paged {row.data['person']} because {_standing(row, organisation)}"


def _standing(row: Row[Any], organisation: Organisation) -> str:
    person, duties = row.data["person"], organisation.on_call_of(row.practice_id)
    for word, standing in _STANDINGS.items():
        for duty in duties:
            if standing(duty, row.at) == person:
                return f"{word} {row.practice_id} (rota {duty.rota.id})"
    return f"named by the escalation (rota {duties[0].rota.id})"


def _offered(row: Row[Any], organisation: Organisation) -> str:
    agent = organisation.agents[row.data["agent"]]
    local = to_local(row.at, agent.pool.site.zone)
    skills = ", ".join(f"{skill} {level}" for skill, level in sorted(agent.skills.items()))
    tongues = ", ".join(sorted(agent.languages))
    return f"offered to {agent.id} because pool {agent.pool.id} is awake ({local:%H:%M} there), {tongues}, {skills}"


def _noted(row: Row[Any], _organisation: Organisation) -> str:
    return f"noted {', '.join(tell_code(*item) for item in sorted(row.data.items())) or 'the words'}"


def _kept(row: Row[Any], _organisation: Organisation) -> str:
    keeper = row.data.get("by")
    return f"the promise is kept by {keeper}" if keeper else "the promise is kept"


def _tried(row: Row[Any], _organisation: Organisation) -> str:
    refused = row.data.get("refused")
    return (
        f"recognised nobody, too early for the {refused}" if refused else f"looked for the record: {row.data['found']}"
    )


def _plain(text: str) -> Told:
    return lambda row, _organisation: text.format_map(_Said(row.data))


class _Said(dict[str, Any]):
    """The data of an event. A value that the event does not hold reads as unknown."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)

    def __missing__(self, name: str) -> str:
        return f"unknown {name}"


_TOLD: dict[str, Told] = {
    "paged": _paged,
    "offered": _offered,
    "noted": _noted,
    "call-arrived": _plain("a call arrives on the {line} line"),
    "identity-tried": _tried,
    "identity-checked": _plain("{by} has looked who is calling: {result}"),
    "organisation-code-tried": _plain("the code of an organisation was {found}"),
    "listed-number-asked": _plain("the listed number is to be rung"),
    "listed-number-reached": _plain("somebody confirmed the call-back at the listed number"),
    "listed-number-unanswered": _plain("nobody confirmed the call-back at the listed number"),
    "queued": _plain("looking for somebody: {service}, {language}, {urgency}"),
    "answered": _plain("{agent} accepted"),
    "not-answered": _plain("{agent} did not take the call"),
    "nobody-came": _plain("stopped looking: {why}"),
    "escalated": _plain("climbing the ladder: {urgency}"),
    "ring-joined": _plain("{person} is rung for several calls at once"),
    "passed-over": _plain("{person} is passed over, being on the telephone with us"),
    "taken-up": _plain("{person} takes this call next"),
    "page-declined": _plain("the page was not taken: {reason}"),
    "clinician-accepted": _plain("{person} accepted responsibility"),
    "clinician-lost": _plain("{person} was lost before they had talked with the caller"),
    "held-in-vain": _plain("the call stayed with a clinician who has not talked with the patient since"),
    "responsible": _plain("responsible from now on: {person}, {urgency}"),
    "contact": _plain("there was contact, and nobody waits for it any more"),
    "contact-reported": _plain("{by} says how the patient was reached: {outcome}"),
    "care-begun-again": _plain("nobody is at it, so it is begun again: {how}"),
    "continued-in": _plain("this call goes on in the one on which the patient has called again"),
    "house-rung": _plain("ringing the house"),
    "house-accepted": _plain("the house takes the patient"),
    "transfer-asked": _plain("{agent} asked for a clinician"),
    "interpreter-asked": _plain("an interpreter for {language} is needed"),
    "interpreter-rung": _plain("ringing the interpreter {interpreter}"),
    "interpreter-joined": _plain("{interpreter} interprets, {seconds} s after they were needed"),
    "interpreter-missed": _plain("{interpreter} did not join"),
    "interpreter-lost": _plain("{interpreter} left before the talk was over"),
    "no-interpreter": _plain("no interpreter for {language} came"),
    "promised": _plain("promised: {promise_kind} by {due}"),
    "promise-kept": _kept,
    "promise-moved": _plain("the patient chose another time: due {due} instead of {was}"),
    "dialled-in": _plain("{person} dialled in"),
    "promise-replaced": _plain("a call-back that was asked for again is one"),
    "place-resumed": _plain("back in the place that was kept"),
    "called-back": _plain("calling the patient back for {by}"),
    "not-reached": _plain("the patient was not reached"),
    "engaged": _plain("the patient's telephone was engaged"),
    "recording-refused": _plain("recording refused"),
    "recording-stored": _plain("a recording is in the vault"),
    "alert": _plain("ALERT {what}"),
    "safe-landing": _plain("SAFE LANDING: our own software failed"),
    "caller-conversation-ended": _plain("the caller's conversation ended: {outcome}"),
}
