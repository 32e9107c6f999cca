"""What a flow is told about its call. Frozen, built from the configuration revision pinned on the call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from callflows.prompts import Line, line, plain_lines
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, GRAVE, ILL, SUSPECT

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


NEWBORN, INFANT, CHILD, ADULT = AGES = ("newborn", "infant", "child", "adult")
"""How old a patient is: under three months, under a year, under twelve years, or older."""

PREGNANCY = "pregnancy"
"""The group of those who are pregnant or gave birth in the last year."""

GROUPS = (ADULT, CHILD, PREGNANCY)
"""Whom a screen may be signed for. Whoever is under twelve is screened as a child."""


@dataclass(frozen=True, slots=True)
class Question:
    """One yes-or-no question of a protocol; a yes raises the call to ``raises_to``.

    It is asked only about patients of these ``ages``, where there are any. ``help_line`` is the one that is offered
    after a yes.
    """

    key: str
    ask: tuple[tuple[str, str], ...]
    raises_to: str
    says_911: bool = False
    ages: tuple[str, ...] = ()
    help_line: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """The signed screen: questions from highest to lowest acuity.

    Its phrases are heard where the answers arrive, and come to a flow as marks of the words that were said.
    ``help_lines`` are offered where one of its red flags is heard: pairs of a flag and a line.
    """

    name: str = ""
    questions: tuple[Question, ...] = ()
    help_lines: tuple[tuple[str, str], ...] = ()

    def questions_for(self, age: str) -> tuple[Question, ...]:
        """What is asked about a patient of that age, in its order."""
        return tuple(one for one in self.questions if not one.ages or age in one.ages)


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """What makes a caller L1: ``need`` right ``items``, all of ``require`` among them, in ``tries`` attempts.

    ``codes``: a one-time code, texted to the number on file, makes them L2.
    ``representatives``: callers are asked whether they call about somebody else.
    """

    items: tuple[str, ...] = ("date_of_birth", "zip")
    require: tuple[str, ...] = ("date_of_birth",)
    need: int = 2
    tries: int = 3
    codes: bool = False
    representatives: bool = False

    def in_order(self) -> tuple[str, ...]:
        """The items in the order in which they are asked: what is required first."""
        required = tuple(item for item in self.items if item in self.require)
        return (*required, *(item for item in self.items if item not in self.require))

    def asked_at_once(self) -> tuple[str, ...]:
        """What every attempt asks for."""
        return self.in_order()[: self.need]

    def one_more(self, attempt: int) -> str:
        """What an attempt asks for besides, where what was given does not decide; "" where there is nothing else.

        Each attempt takes the next, so that whoever does not know one is asked for another.
        """
        others = self.in_order()[self.need :]
        return others[attempt % len(others)] if others else ""


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice that is called, as its callers meet it.

    ``protocols`` are pairs of a group of patients and the screen signed for it. Where there are none, everybody is
    screened by ``protocol``. ``answer_within`` are pairs of an urgency and the due rule that the clinical lead allowed
    for a call-back. ``lists_professionals``: professional callers may prove, by a code and a call-back, for whom they
    call.
    """

    name: str
    languages: tuple[str, ...] = ("en-US",)
    menu: tuple[tuple[str, Service], ...] = ()
    services: tuple[Service, ...] = ()
    identity: IdentityRule = IdentityRule()
    protocol: Protocol = Protocol()
    protocols: tuple[tuple[str, Protocol], ...] = ()
    answer_within: tuple[tuple[str, str], ...] = (("emergent", "now + 5m"), ("urgent", "now + 15m"))
    state: str = ""
    may_refuse_recording: bool = True
    has_backline: bool = False
    lists_professionals: bool = False

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

    def screens(self) -> tuple[Protocol, ...]:
        """Every protocol by which somebody may be screened."""
        return tuple(protocol for _, protocol in self.protocols) or (self.protocol,)

    def screen_of(self, group: str) -> Protocol | None:
        """The protocol that was signed for a group of patients, if one was."""
        return dict(self.protocols).get(group)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often things come again within one call before it ends otherwise, so that every call ends.

    ``rounds``: how often a caller who was cut off is brought to a person. ``talks``: how many people may follow one
    another in one talk (consults, hand-overs, an interpreter who does not come).
    """

    rounds: int = 3
    talks: int = 6


@dataclass(frozen=True, slots=True)
class Call:
    """The call as its flow sees it. ``caller_id`` tells whether a number came with it that may be called back, and
    ``abroad`` that one came which is called back where it is urgent, and not otherwise.

    ``clinicians``: there are some on call for it. ``asked_back``: the patient asked for the call that rings them now.
    ``alarms``: the dangers that are still news where words tell of them. ``help_lines`` are pairs of a line's name and
    number. ``number`` is what the caller gave to be called back at, empty for the one they call from. ``paged``:
    somebody is being rung for them, so that questions end when they come. ``keeps``: whoever is left while a clinician
    is asked for is kept for them. ``in_line``: it may be put in line for somebody of the house. ``movable``: whoever is
    rung may choose another time. ``patience`` is the same in every call; with less of it a walk is smaller.
    """

    practice: Practice
    fallback_number: str = ""
    fallback_pool: str = ""
    caller_id: bool = True
    language: str = "en-US"
    clinicians: bool = True
    asked_back: bool = True
    alarms: tuple[str, ...] = (ILL, SUSPECT, EMERGENT, GRAVE, FLAGGED)
    help_lines: tuple[tuple[str, str], ...] = ()
    number: str = field(default="", repr=False)
    paged: bool = False
    patience: Patience = Patience()
    abroad: bool = False
    keeps: bool = True
    in_line: bool = True
    movable: bool = False

    @property
    def urgent_number(self) -> bool:
        """Whether the caller can be called back on the number they call from when it is urgent."""
        return self.caller_id or self.abroad

    def speaking(self, language: str) -> Call:
        """The same call, held in ``language`` from now on."""
        return self if language == self.language else replace(self, language=language)

    def caring(self, service: Service) -> Call:
        """The same call, with ``service`` where its symptoms belong."""
        if service == self.practice.clinical_service():
            return self
        others = (one for one in self.practice.services if one != service)
        return replace(self, practice=replace(self.practice, services=(service, *others)))

    def in_care(self) -> Call:
        """The same call, whose symptom is known: what only tells of one is no news from now on."""
        return replace(self, alarms=(EMERGENT, GRAVE, FLAGGED))

    def in_need(self) -> Call:
        """The same call, for which somebody is looked for in any case: only what may be an emergency is still news."""
        return replace(self, alarms=tuple(alarm for alarm in self.alarms if alarm != ILL))

    def in_emergency(self) -> Call:
        """The same call, for which all is done that could be: nothing that is said is news from now on."""
        return replace(self, alarms=())

    def while_kept(self) -> Call:
        """The same call, whose caller is kept for a clinician or was promised one: they are not kept once more."""
        return replace(self, keeps=False)

    def while_paged(self) -> Call:
        """The same call, for which somebody is being rung: whoever comes ends its questions."""
        return replace(self, paged=True)

    def reached_at(self, number: str) -> Call:
        """The same call, whose caller gave this number to be called back at, or none."""
        return replace(self, number=number or self.number)

    def help_line_for(self, flag: str) -> str:
        """The help line that is offered where this red flag is heard, or ""."""
        offered = (dict(screen.help_lines).get(flag, "") for screen in self.practice.screens())
        return next((name for name in offered if flag and name), "")

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
    ``codes``: the agent may have a one-time code sent to the patient's number on file, and key in what they hear.
    ``relation``: how the caller is related to the patient for whom they speak; told after accepting.
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
    relation: str = ""
    language: str = "en-US"
    codes: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is about, before the PIN, or the house's key. ``admitted``: the PIN was right already, in this call;
    ``returned``: as was the accept, for the same patient, who has called again.
    """

    practice: str
    language: str = "en-US"
    consult: bool = False
    admitted: bool = False
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Interpreting:
    """What an interpreter is told: who asks, and for which language. Nothing about a call."""

    operator: str
    caller_language: str
