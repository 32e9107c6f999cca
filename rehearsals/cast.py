"""Who takes part in a rehearsal, by name and by phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.accounts.roles import ROLES
from ivr.directory.organisation import Organisation
from ivr.professionals.listing import list_listed
from rehearsals.script import Script

CALLER = "caller"
HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody with a phone. The patient has the phone of the caller, ``house`` is the operator's fallback number.

    Further telephones of a clinician are ``dr-lee-2`` and so on, in the order in which their numbers are written.
    ``crisis`` and ``poison`` are the help lines. Listed organisations have their listed number.
    """

    addresses: Mapping[str, str]
    agents: frozenset[str]
    clinicians: frozenset[str]

    @property
    def readers(self) -> frozenset[str]:
        """Everybody who looks at pages: agents and clinicians by name, all others by the name of their role."""
        return self.agents | self.clinicians | frozenset(ROLES)

    def address(self, name: str) -> str:
        """The phone of somebody."""
        return self.addresses[name]

    def name(self, address: str) -> str:
        """Return the name of the owner of a phone, or the address itself where nobody owns it."""
        return next((name for name, known in self.addresses.items() if known == address), address)


def cast_of(script: Script, organisation: Organisation) -> Cast:
    """Return the caller, the people of the organisation, and the parties that the script adds."""
    outside = {CALLER: script.caller, **script.others}
    return everybody_of(organisation, outside)


def everybody_of(organisation: Organisation, outside: Mapping[str, str]) -> Cast:
    """Return the people of the organisation and those of ``outside``: the caller and whoever else has a phone."""
    agents = {name: agent.contact for name, agent in organisation.agents.items()}
    clinicians = {name: person.voice for name, person in organisation.people.items()}
    further = {
        f"{name}-{place}": number
        for name, person in organisation.people.items()
        for place, number in enumerate(person.numbers[1:], 2)
    }
    house = {HOUSE: organisation.operator.fallback.number}
    interpreters = {name: interpreter.number for name, interpreter in organisation.interpreters.items()}
    lines = organisation.operator.help_lines.model_dump()
    listed = {name: one.number for _, name, one in list_listed(organisation)}
    staff = {**interpreters, **agents, **clinicians}
    staff |= {name: number for name, number in further.items() if name not in staff}
    everybody = {**outside, **house, **lines, **listed, **staff, "patient": outside[CALLER]}
    return Cast(everybody, frozenset(agents), frozenset(clinicians))
