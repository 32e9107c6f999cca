"""Which sites may serve whom: rules by the state of the patient and by who pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing.errors import RoutingError


class PolicyError(RoutingError):
    """A rule that says nothing, or contradicts itself; the text names the mend."""


@dataclass(frozen=True, slots=True)
class SiteRule:
    """For patients in ``states`` whose payer is one of ``payers`` (empty: any), who may answer.

    Either ``only`` these sites, or any but those in ``never``.
    """

    states: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if bool(self.only) == bool(self.never):
            raise PolicyError("a rule names no sites, or both kinds; give it either only or never")

    def applies(self, state: str | None, payer: str | None) -> bool:
        """Whether the rule holds for a call. Where state or payer is not known it does: they may be the very ones."""
        here = not self.states or state is None or state in self.states
        return here and (not self.payers or payer is None or payer in self.payers)

    def bars(self, site: str) -> bool:
        """Whether the rule keeps ``site`` from the calls that it applies to."""
        return site in self.never or (bool(self.only) and site not in self.only)


def barred(rules: Iterable[SiteRule], sites: Iterable[str], state: str | None, payer: str | None) -> tuple[str, ...]:
    """The sites, in the order given, that some rule keeps from a call of a patient in ``state`` with ``payer``.

    Kept on the call in place of the payer, which is the patient's own business.
    """
    holding = [rule for rule in rules if rule.applies(state, payer)]
    return tuple(site for site in sites if any(rule.bars(site) for rule in holding))
