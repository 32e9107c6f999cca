"""From the configuration revision pinned on a call to what its flow is told. Deterministic, so that replay is too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from callflows.prompts import languages as prompt_languages
from callflows.values import AGES, Call, IdentityRule, Practice, Protocol, Question, Service
from ivr.directory.organisation import Organisation
from ivr.directory.schema import PracticeFile, ProtocolFile
from ivr.directory.schema.codes import SMS_CODE
from ivr.directory.schema.protocol import QuestionEntry
from ivr.directory.schema.service import ServiceEntry

EVERYBODY = "everybody"
"""In place of a group: one protocol for all patients."""
ROUTES = {"agents": "agent", "message": "message", "callback": "callback"}


def patient_call(
    organisation: Organisation, practice: str, location: str, *, caller_id: bool, abroad: bool = False
) -> Call:
    """What the flow of a caller's leg is told."""
    fallback = organisation.operator.fallback
    return Call(
        practice=practice_view(organisation, practice, location),
        fallback_number=fallback.number,
        fallback_pool=fallback.pool,
        caller_id=caller_id,
        help_lines=tuple(organisation.operator.help_lines.model_dump().items()),
        abroad=abroad,
    )


def operator_call(organisation: Organisation, *, caller_id: bool) -> Call:
    """The same for a number that no practice owns: the operator answers under its own name."""
    operator = organisation.operator
    practice = Practice(operator.operator, languages=_spoken(operator.languages), services=(Service("scheduling"),))
    return Call(practice, operator.fallback.number, operator.fallback.pool, caller_id, clinicians=False)


def practice_view(organisation: Organisation, practice: str, location: str) -> Practice:
    """A practice as its callers meet it at one of its locations."""
    file = organisation.practice(practice)
    services = {name: _service(name, entry) for name, entry in file.services.items()}
    return Practice(
        name=file.name,
        languages=_spoken(file.languages),
        menu=tuple((entry.key, services[entry.service]) for entry in file.menu),
        services=tuple(services[name] for name in _in_order(file)),
        identity=_identity(file),
        **_screening(organisation, practice),
        state=organisation.location(practice, location).state,
        may_refuse_recording=file.recording.opt_out,
        has_backline=file.backline is not None,
        lists_professionals=bool(file.backline and file.backline.listed),
    )


def _in_order(file: PracticeFile) -> tuple[str, ...]:
    """The services as the menu names them, then the others: the first that is not clinical serves whoever presses 0."""
    return tuple(dict.fromkeys((*(entry.service for entry in file.menu), *file.services)))


def _service(name: str, entry: ServiceEntry) -> Service:
    return Service(
        name=name,
        level=entry.level,
        clinical=entry.licensed,
        when_open=_route(entry.open),
        after_hours=_route(entry.after_hours),
        nurses_first="nurse_pool" in (*entry.open, *entry.after_hours),
        promise=entry.promise,
        takes_new_patients=True,
        new_patients=entry.new_patients,
    )


def _route(ways: tuple[str, ...]) -> str:
    return ROUTES.get(ways[0], "clinical")


def _identity(file: PracticeFile) -> IdentityRule:
    known = file.identity.L1
    texted = file.identity.L2 is not None and file.identity.L2.add == SMS_CODE
    rule = IdentityRule(tuple(dict.fromkeys(known.items)), known.require, known.need, file.identity.tries)
    return replace(rule, codes=texted, representatives=file.identity.representatives)


def sends_codes(organisation: Organisation, practice: str) -> bool:
    """Whether callers of a practice are made surer of by a one-time code."""
    return practice in organisation.practices and _identity(organisation.practice(practice)).codes


def screening_protocols(organisation: Organisation, practice: str) -> Mapping[str, ProtocolFile]:
    """The protocols by which a practice screens symptoms, by group of patients; EVERYBODY's where there is but one.

    Empty where it cares for no symptoms.
    """
    services = organisation.practice(practice).services.values()
    entry = next((entry for entry in services if entry.named_protocols()), None)
    if entry is None:
        return {}
    named = entry.protocols or {EVERYBODY: entry.named_protocols()[0]}
    return {group: organisation.protocol(name) for group, name in named.items()}


def _screening(organisation: Organisation, practice: str) -> dict[str, Any]:
    """What the practice's flow is told of screening. A call-back is due as soon as any of its protocols allows."""
    signed = screening_protocols(organisation, practice)
    if not signed:
        return {}
    told = {group: _protocol(file) for group, file in signed.items()}
    within = tuple((urgency, f"now + {_length(shortest)}") for urgency, shortest in _shortest(signed.values()))
    if EVERYBODY in told:
        return {"protocol": told[EVERYBODY], "answer_within": within}
    return {"protocols": tuple(told.items()), "answer_within": within}


def _shortest(signed: Iterable[ProtocolFile]) -> tuple[tuple[str, timedelta], ...]:
    limits = [dict(file.answer_within) for file in signed]
    return tuple((urgency, min(limit[urgency] for limit in limits)) for urgency in limits[0])


def _protocol(signed: ProtocolFile) -> Protocol:
    return Protocol(
        name=f"{signed.protocol} {signed.version}",
        questions=tuple(_question(one) for one in signed.questions),
        help_lines=tuple((one.key, one.help_line) for one in signed.listened if one.help_line),
    )


def _question(entry: QuestionEntry) -> Question:
    ages = () if entry.ages == AGES else entry.ages
    return Question(entry.key, tuple(entry.ask.items()), entry.raises_to, entry.says_911, ages, entry.help_line or "")


def _length(within: timedelta) -> str:
    minutes, seconds = divmod(int(within.total_seconds()), 60)
    return f"{minutes}m{seconds}s" if seconds else f"{minutes}m"


def _spoken(languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(language for language in languages if language in prompt_languages()) or ("en-US",)
