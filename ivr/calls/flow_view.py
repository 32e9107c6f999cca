"""From the configuration revision pinned on a call to what its flow is told. Deterministic, so that replay is too."""

from __future__ import annotations

from callflows.prompts import languages as prompt_languages
from callflows.values import Call, IdentityRule, Practice, Protocol, Question, Service
from ivr.directory.organisation import Organisation
from ivr.directory.schema import PracticeFile, ProtocolFile
from ivr.directory.schema.service import ServiceEntry

ROUTES = {"agents": "agent", "message": "message", "callback": "callback"}
KEYPAD_ITEMS = ("zip", "phone_on_file", "mrn")
"""Items a caller can give by keypad, the one most callers know first."""


def patient_call(organisation: Organisation, practice: str, location: str, *, caller_id: bool) -> Call:
    """What the flow of a caller's leg is told."""
    fallback = organisation.operator.fallback
    return Call(
        practice=practice_view(organisation, practice, location),
        fallback_number=fallback.number,
        fallback_pool=fallback.pool,
        caller_id=caller_id,
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
        protocol=_protocol(organisation, file),
        state=organisation.location(practice, location).state,
        may_refuse_recording=file.recording.opt_out,
        backline_callers=file.backline.callers if file.backline else (),
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
        takes_new_patients=entry.new_patients == "agent",
    )


def _route(ways: tuple[str, ...]) -> str:
    return ROUTES.get(ways[0], "clinical")


def _identity(file: PracticeFile) -> IdentityRule:
    items = tuple(item for item in KEYPAD_ITEMS if item in file.identity.L1.items)
    return IdentityRule(items=items or ("zip",), tries=file.identity.tries)


def _protocol(organisation: Organisation, file: PracticeFile) -> Protocol:
    named = [entry.protocol for entry in file.services.values() if entry.protocol]
    if not named:
        return Protocol()
    signed = organisation.protocol(named[0])
    return Protocol(
        name=f"{signed.protocol} {signed.version}",
        red_flags=_phrases(signed),
        questions=tuple(
            Question(one.key, tuple(one.ask.items()), one.raises_to, one.says_911) for one in signed.questions
        ),
        answer_within=tuple(
            (urgency, f"now + {int(within.total_seconds() // 60)}m") for urgency, within in signed.answer_within
        ),
    )


def _phrases(signed: ProtocolFile) -> tuple[str, ...]:
    """Every phrase of every language: callers mix languages, and a phrase only ever raises."""
    listened = [flag.listen for flag in signed.red_flags]
    listened += [question.listen for question in signed.questions if question.raises_to == "emergent"]
    return tuple(phrase for by_language in listened for phrases in by_language.values() for phrase in phrases)


def _spoken(languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(language for language in languages if language in prompt_languages()) or ("en-US",)
