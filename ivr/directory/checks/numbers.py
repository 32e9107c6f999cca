"""Numbers: those that are dialled to reach us lead to one place only, and those that we dial may be rung."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from phonenumbers import SUPPORTED_REGIONS

from ivr.core.telephone_numbers import NEARBY, GivenBy, parse_ringable
from ivr.core.withheld_numbers import is_placeholder
from ivr.directory.checks.names import repeated
from ivr.directory.draft import ON_CALL, OPERATOR, Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.schema.contact import NO
from ivr.directory.yaml_reader import Place


class NumberWeRing(NamedTuple):
    """A number that we ring or text: where it is written, and whose number to write instead."""

    file: str
    place: Place
    number: str
    mend: str
    what: str = ""
    judged_as: GivenBy = "configuration"


def _countries(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    for index, country in enumerate(practice.waiting.call_back_countries):
        place = ("waiting", "call_back_countries", index)
        if country in NEARBY:
            yield draft.problem(file, place, f"callers are called back in {country} anyway", "leave it out")
        elif country not in SUPPORTED_REGIONS:
            yield draft.problem(file, place, f"{country} has no telephones", "write two letters such as MX")


def problems(draft: Draft) -> Iterator[Problem]:
    """A number that two lines share, that would ring ourselves, or that is never rung."""
    owners: dict[str, str] = {}
    for name, practice in draft.practices.items():
        places = list(_lines(practice))
        for place, number in repeated(places):
            yield draft.problem(file_of("practices", name), place, f"{number} is listed twice", "keep one of the two")
        yield from _countries(draft, file_of("practices", name), practice)
        for place, number in places:
            if (owner := owners.setdefault(number, name)) != name:
                what = f"{number} already belongs to {owner}"
                yield draft.problem(file_of("practices", name), place, what, "give each practice its own numbers")
    own = dict.fromkeys(owners, "one that patients dial")
    if draft.operator.outbound_number is not None:
        own.setdefault(draft.operator.outbound_number, "the line's own, from which it rings people")
    for dialled in _dialled_by_us(draft):
        yield from _unfit(draft, dialled, own)
    for name, practice in draft.practices.items():
        for place, what, mend in _shared(practice, own):
            yield draft.problem(file_of("practices", name), place, what, mend)


def _lines(practice: PracticeFile) -> Iterator[tuple[Place, str]]:
    for name, location in practice.locations.items():
        for index, number in enumerate(location.numbers):
            yield ("locations", name, "numbers", index), number
    for index, number in enumerate(practice.backline.numbers if practice.backline else ()):
        yield ("backline", "numbers", index), number


def _shared(practice: PracticeFile, own: Mapping[str, str]) -> Iterator[tuple[Place, str, str]]:
    """Telephones of many patients that are nobody's."""
    places = [
        (("identity", "shared_telephones", index), number)
        for index, number in enumerate(practice.identity.shared_telephones)
    ]
    for place, number in repeated(places):
        yield place, f"{number} is listed twice", "keep one of the two"
    for place, number in places:
        if number in own:
            yield place, f"{number} is {own[number]}, and nobody calls from it", "write the telephone of the house"
        elif is_placeholder(number):
            mend = "remove it; whoever hides their number is counted apart"
            yield place, f"{number} stands for a number that does not show", mend


def _dialled_by_us(draft: Draft) -> Iterator[NumberWeRing]:
    """Every number of the configuration that is rung or texted."""
    operator, phone = draft.operator, "write the number of a person's own phone"
    outside = "write a number that does not lead back here"
    yield NumberWeRing(OPERATOR, ("fallback", "number"), operator.fallback.number, outside, "the fallback number ")
    for name, number in operator.help_lines:
        yield NumberWeRing(OPERATOR, ("help_lines", name), number, outside, f"the {name} line ")
    for index, agent in enumerate(operator.agents):
        yield NumberWeRing(OPERATOR, ("agents", index, "contact"), agent.contact, phone)
    reached = "write the number at which the interpreter is reached"
    for index, interpreter in enumerate(operator.interpreters):
        yield NumberWeRing(OPERATOR, ("interpreters", index, "number"), interpreter.number, reached)
    listed = "write the number at which the organisation answers at any hour"
    for name, practice in draft.practices.items():
        for one, organisation in (practice.backline.listed if practice.backline else {}).items():
            place, file = ("backline", "listed", one, "number"), file_of("practices", name)
            # As of callers: whoever may be rung by a code is rung near by.
            yield NumberWeRing(file, place, organisation.number, listed, judged_as="caller")
        for index, number in enumerate(practice.morning_summary.text):
            yield NumberWeRing(file_of("practices", name), ("morning_summary", "text", index), number, phone)
    for name, person in draft.on_call.people.items():
        yield NumberWeRing(ON_CALL, ("people", name, "voice"), person.voice, phone)
        if person.sms is not None:
            yield NumberWeRing(ON_CALL, ("people", name, "sms"), person.sms, phone)
        for index, rule in enumerate(person.contact):
            for key, number in (("voice", rule.voice), ("text", rule.text), ("second", rule.second)):
                if number not in (None, NO):
                    yield NumberWeRing(ON_CALL, ("people", name, "contact", index, key), number, phone)


def _unfit(draft: Draft, dialled: NumberWeRing, own: Mapping[str, str]) -> Iterator[Problem]:
    if dialled.number in own:
        what = f"{dialled.what}{dialled.number} is {own[dialled.number]}"
    elif parse_ringable(dialled.number, dialled.judged_as) is None:
        abroad = " abroad," if dialled.judged_as == "caller" else ""
        what = f"{dialled.what}{dialled.number} is never rung:{abroad} paid by the minute, a satellite's or nobody's"
    else:
        return
    yield draft.problem(dialled.file, dialled.place, what, dialled.mend)
