"""What a flow is told about its call. Frozen, built from the configuration revision pinned on the call."""

from __future__ import annotations

from dataclasses import dataclass, replace

from callflows.prompts import Line, line, plain_lines
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, ILL, SUSPECT

URGENCIES = ("routine", "urgent", "emergent")
"""From lowest to highest. What a caller says can only move a call to the right."""


def more_urgent(one: str, other: str) -> str:
    """The higher of two urgencies."""
    return max(one, other, key=URGENCIES.index)


@dataclass(frozen=True, slots=True)
class Service:
    """Something callers want, and how the practice wants it handled.

    ``when_open`` and ``after_hours`` are each one of "agent", "message", "callback", "clinical".
    ``takes_new_patients``: callers are asked whether they are patients yet; whoever is not is served by
    ``new_patients``, at any hour where that is not "agent".
    """

    name: str
    level: str = "L0"
    clinical: bool = False
    when_open: str = "agent"
    after_hours: str = "callback"
    nurses_first: bool = True
    promise: str = "next_open + 4h"
    takes_new_patients: bool = False
    new_patients: str = "agent"


@dataclass(frozen=True, slots=True)
class Question:
    """One yes-or-no question of a protocol; a yes raises the call to ``raises_to``."""

    key: str
    ask: tuple[tuple[str, str], ...]
    raises_to: str
    says_911: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """The signed screen: questions from highest to lowest acuity.

    Its phrases are heard where the answers arrive, and come to a flow as marks of the words that were said.
    ``answer_within`` maps an urgency to the due rule the clinical lead allowed for a call-back.
    """

    name: str = ""
    questions: tuple[Question, ...] = ()
    answer_within: tuple[tuple[str, str], ...] = (("emergent", "now + 5m"), ("urgent", "now + 15m"))


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """What makes a caller L1: date of birth and further ``items``, in ``tries`` attempts."""

    items: tuple[str, ...] = ("zip",)
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice that is called, as its callers meet it."""

    name: str
    languages: tuple[str, ...] = ("en-US",)
    menu: tuple[tuple[str, Service], ...] = ()
    services: tuple[Service, ...] = ()
    identity: IdentityRule = IdentityRule()
    protocol: Protocol = Protocol()
    state: str = ""
    may_refuse_recording: bool = True
    has_backline: bool = False

    def service(self, name: str) -> Service:
        """The service called ``name``; callers who just want a person get the first that is not clinical."""
        named = [service for service in self.services if service.name == name]
        return named[0] if named else Service(name)

    def any_service(self) -> Service:
        """What "a person, please" means here."""
        return next((service for service in self.services if not service.clinical), Service("scheduling"))

    def clinical_service(self) -> Service:
        """Where a symptom belongs."""
        clinical = [service for service in self.services if service.clinical]
        return clinical[0] if clinical else Service("nurse", clinical=True, nurses_first=False)


@dataclass(frozen=True, slots=True)
class Call:
    """The call as its flow sees it. ``caller_id`` tells whether a number came with it that may be called back.

    ``clinicians``: there are some on call for it. ``asked_back``: the patient asked for the call that rings them now.
    ``alarms``: the dangers that are still news where words tell of them.
    """

    practice: Practice
    fallback_number: str = ""
    fallback_pool: str = ""
    caller_id: bool = True
    language: str = "en-US"
    clinicians: bool = True
    asked_back: bool = True
    alarms: tuple[str, ...] = (ILL, SUSPECT, EMERGENT, FLAGGED)

    def speaking(self, language: str) -> Call:
        """The same call, held in ``language`` from now on."""
        return replace(self, language=language)

    def caring(self, service: Service) -> Call:
        """The same call, with ``service`` where its symptoms belong."""
        if service == self.practice.clinical_service():
            return self
        others = (one for one in self.practice.services if one != service)
        return replace(self, practice=replace(self.practice, services=(service, *others)))

    def in_care(self) -> Call:
        """The same call, whose symptom is known: what only tells of one is no news from now on."""
        return replace(self, alarms=(EMERGENT, FLAGGED))

    def in_need(self) -> Call:
        """The same call, for which somebody is looked for in any case: only what may be an emergency is still news."""
        return replace(self, alarms=tuple(alarm for alarm in self.alarms if alarm != ILL))

    def in_emergency(self) -> Call:
        """The same call, for which all is done that could be: nothing that is said is news from now on."""
        return replace(self, alarms=())

    def line(self, prompt: str, **values: str) -> Line:
        """A catalogue line in the caller's language."""
        return line(prompt, self.language, **values)

    def lines(self, *prompts: str) -> tuple[Line, ...]:
        """Several catalogue lines without blanks, in the caller's language."""
        return plain_lines(self.language, prompts)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an agent is told before deciding. Nothing about a patient. ``missed``: offers that they missed in a row.

    ``patient_state`` is where the patient is, if that is known and not the state of the location: told after accepting.
    ``interpreter``: the agent does not speak the caller's language, and one will be rung when they accept.
    """

    practice: str
    service: str
    caller_language: str
    urgency: str = "routine"
    waited_seconds: int = 0
    identity_level: str = "L0"
    is_callback: bool = False
    missed: int = 0
    patient_state: str = ""
    interpreter: bool = False
    language: str = "en-US"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is about, before the PIN. ``admitted``: the PIN was right already, in this telephone call."""

    practice: str
    language: str = "en-US"
    consult: bool = False
    admitted: bool = False


@dataclass(frozen=True, slots=True)
class Interpreting:
    """What an interpreter is told: who asks, and for which language. Nothing about a call."""

    operator: str
    caller_language: str
