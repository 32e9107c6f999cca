"""Contact rules of oncall.yaml: one at most holds at a time, by known clocks, and a second telephone is another one."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.draft import ON_CALL, Draft
from ivr.directory.people import contact_of
from ivr.directory.problems import Problem
from ivr.directory.schema.oncall import PersonEntry
from ivr.directory.yaml_reader import Place
from routing.contact import overlapping


def problems(draft: Draft) -> Iterator[Problem]:
    """Rules that leave open by which number somebody is reached, and second numbers that are the first."""
    for name, person in draft.on_call.people.items():
        for place, what, mend in _of_person(person):
            yield draft.problem(ON_CALL, ("people", name, "contact", *place), what, mend)
    yield from _of_colleagues(draft)


def _of_colleagues(draft: Draft) -> Iterator[Problem]:
    """Second telephones that are somebody else's own: they would be rung for a page that is not theirs."""
    owners = {number: name for name, person in draft.on_call.people.items() for number in _first_rung(person)}
    for name, person in draft.on_call.people.items():
        for index, entry in enumerate(person.contact):
            owner = owners.get(entry.second, name) if entry.second is not None else name
            if owner != name:
                what = f"{entry.second} is {owner}'s own telephone, which would be rung for the pages of {name}"
                mend = f"write another telephone of {name}; the escalation pages {owner}"
                yield draft.problem(ON_CALL, ("people", name, "contact", index, "second"), what, mend, warning=True)


def _first_rung(person: PersonEntry) -> set[str]:
    return {person.voice, *(rule.numbers.voice for rule in contact_of(person))}


def _of_person(person: PersonEntry) -> Iterator[tuple[Place, str, str]]:
    rules = contact_of(person)
    for index, entry in enumerate(person.contact):
        if person.timezone is None and entry.needs_clocks:
            yield (
                (index,),
                "it is not known by which clocks the rule holds",
                "add timezone: America/Chicago beside name",
            )
        if entry.second is not None and entry.second == rules[index].numbers.voice:
            yield (index, "second"), f"{entry.second} is what is rung first", "write another telephone, or leave it out"
    for one, other in overlapping(rules):
        what = f"the rule overlaps with rule {one + 1} of the same person"
        yield (other,), what, "let one end where the other begins, so that one number is meant at each time"
