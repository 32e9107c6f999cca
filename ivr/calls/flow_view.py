"""From the configuration revision pinned on a call to what its flow is told. Deterministic, so that replay is too."""

from __future__ import annotations

from datetime import timedelta

from callflows.prompts import languages as prompt_languages
from callflows.values import Call, IdentityRule, Practice, Protocol, Question, Service
from ivr.directory.organisation import Organisation
from ivr.directory.schema import PracticeFile, ProtocolFile
from ivr.directory.schema.service import ServiceEntry

ROUTES = {"agents": "agent", "message": "message", "callback": "callback"}
KEYPAD_ITEMS = ("zip", "phone_on_file", "mrn")
"""Items a caller can give by keypad, the one most callers know first. One that is required goes before all others."""


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
        protocol=_protocol(screening_protocol(organisation, practice)),
        state=organisation.location(practice, location).state,
        may_refuse_recording=file.recording.opt_out,
        has_backline=file.backline is not None,
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
    items = sorted((item for item in KEYPAD_ITEMS if item in known.items), key=lambda item: item not in known.require)
    return IdentityRule(items=tuple(items) or ("zip",), tries=file.identity.tries)


def screening_protocol(organisation: Organisation, practice: str) -> ProtocolFile | None:
    """The protocol by which a practice screens every symptom; None where it cares for none."""
    services = organisation.practice(practice).services.values()
    named = [entry.protocol for entry in services if entry.protocol]
    return organisation.protocol(named[0]) if named else None


def _protocol(signed: ProtocolFile | None) -> Protocol:
    if signed is None:
        return Protocol()
    return Protocol(
        name=f"{signed.protocol} {signed.version}",
        questions=tuple(
            Question(one.key, tuple(one.ask.items()), one.raises_to, one.says_911) for one in signed.questions
        ),
        answer_within=tuple((urgency, f"now + {_length(within)}") for urgency, within in signed.answer_within),
    )


def _length(within: timedelta) -> str:
    minutes, seconds = divmod(int(within.total_seconds()), 60)
    return f"{minutes}m{seconds}s" if seconds else f"{minutes}m"


def _spoken(languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(language for language in languages if language in prompt_languages()) or ("en-US",)
