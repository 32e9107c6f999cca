"""What callers want of people at an instant, as an organisation would ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from ivr.core.errors import Refusal
from ivr.directory.organisation import Organisation
from ivr.directory.problems import nearest
from ivr.workforce.recorded_arrivals import Came
from routing.agents import Need
from routing.hours import is_open


class UnknownLanguage(Refusal):
    """A share was given for a language that no practice speaks."""


STAFFED = frozenset({"agents", "nurse_pool"})
FIRST_LANGUAGE = 0.8
"""The share of callers of a practice's first language, where nobody says otherwise; the others share the rest."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one caller wants, by the names of the configuration."""

    practice: str
    location: str
    service: str
    language: str


Mix = Mapping[Wish, float]
"""Shares of the callers, which sum to 1."""


def mix_of(organisation: Organisation, languages: Mapping[str, float]) -> Mix:
    """All that the menus offer, evenly, in the languages of each practice by their shares.

    Raises UnknownLanguage where ``languages`` names one that no practice speaks.
    """
    _require_spoken(organisation, languages)
    weights: dict[Wish, float] = {}
    for practice, file in organisation.practices.items():
        shares = shares_of(file.languages, languages)
        for location in file.locations:
            for entry in file.menu:
                for language, share in shares.items():
                    weights[Wish(practice, location, entry.service, language)] = share
    whole = sum(weights.values())
    return {wish: weight / whole for wish, weight in weights.items() if weight}


def _require_spoken(organisation: Organisation, languages: Iterable[str]) -> None:
    spoken = {language for file in organisation.practices.values() for language in file.languages}
    for language in sorted(set(languages) - spoken):
        raise UnknownLanguage(
            f"no practice speaks {language!r}; {nearest(language, spoken, 'name one that is spoken')}"
        )


def mix_in(came: Iterable[Came], mix: Mix) -> Mix:
    """What the callers of a file wanted, by shares; what was not recorded is spread over what fits, as in ``mix``."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in came:
        counts[one.practice, one.service, one.language] += one.calls  # type: ignore[assignment]
    weights = dict.fromkeys(mix, 0.0)
    for about, calls in counts.items():
        fits = {wish: share for wish, share in mix.items() if _fits(wish, about)} or mix
        for wish, share in fits.items():
            weights[wish] += calls * share / sum(fits.values())
    whole = sum(weights.values())
    return {wish: weight / whole for wish, weight in weights.items() if weight} or mix


def _fits(wish: Wish, about: tuple[str, str, str]) -> bool:
    wanted = (wish.practice, wish.service, wish.language)
    return all(given in ("", one) for given, one in zip(about, wanted, strict=True))


def unknown_in(came: Iterable[Came], mix: Mix) -> Iterator[str]:
    """What a file names and no menu offers, each with the mend."""
    for kind in ("practice", "service", "language"):
        known = {getattr(wish, kind) for wish in mix}
        for name in sorted({getattr(one, kind) for one in came} - known - {""}):
            yield f"{kind} {name!r} is counted as if it were not known; {nearest(name, known)}"


def wish_of(organisation: Organisation, came: Came, mix: Mix, dice: Random) -> Wish:
    """What a recorded caller wanted; whatever was not recorded is drawn from the mix."""
    drawn = dice.choices(tuple(mix), tuple(mix.values()))[0]
    practice = came.practice if came.practice in organisation.practices else drawn.practice
    file = organisation.practice(practice)
    location = drawn.location if drawn.location in file.locations else min(file.locations)
    service = came.service if came.service in file.services else drawn.service
    service = service if service in file.services else min(file.services)
    language = came.language if came.language in file.languages else drawn.language
    return Wish(practice, location, service, language if language in file.languages else file.languages[0])


def need_of(organisation: Organisation, wish: Wish, at: datetime) -> Need | None:
    """What the router would ask for; None where no person is waited for then: a message or a callback is promised."""
    opening = is_open(organisation.calendar(wish.practice, wish.location), at)
    settled = organisation.service(wish.practice, wish.service)
    if not STAFFED & set(settled.open if opening else settled.after_hours):
        return None
    state = organisation.location(wish.practice, wish.location).state
    return organisation.need(wish.practice, wish.service, wish.language, state, opening=opening, location=wish.location)


def needs_at(organisation: Organisation, mix: Mix, at: datetime) -> dict[Need, float]:
    """What is asked for at an instant, by shares of all callers; they sum to less than 1 where messages are taken."""
    found: dict[Need, float] = {}
    for need, share in _needs(organisation, mix, at):
        found[need] = found.get(need, 0.0) + share
    return found


def _needs(organisation: Organisation, mix: Mix, at: datetime) -> Iterator[tuple[Need, float]]:
    for wish, share in mix.items():
        need = need_of(organisation, wish, at)
        if need is not None:
            yield organisation.at_last(need), share


def shares_of(spoken: tuple[str, ...], given: Mapping[str, float]) -> dict[str, float]:
    """How many of a practice's callers speak each of its languages; they sum to 1.

    What is not ``given`` keeps its usual proportions in what is left. Where nothing is left to anybody, because only
    languages without callers were given, it is as usual.
    """
    usual = _usual(spoken)
    left = max(1.0 - sum(given.get(language, 0.0) for language in spoken), 0.0)
    open_ = sum(share for language, share in usual.items() if language not in given)
    shares = {
        language: given[language] if language in given else left * share / open_ for language, share in usual.items()
    }
    whole = sum(shares.values())
    return {language: share / whole for language, share in shares.items()} if whole else usual


def _usual(spoken: tuple[str, ...]) -> dict[str, float]:
    others = len(spoken) - 1
    rest = dict.fromkeys(spoken[1:], (1 - FIRST_LANGUAGE) / max(others, 1))
    return {spoken[0]: FIRST_LANGUAGE if others else 1.0, **rest}
