"""operator.yaml against itself."""

from __future__ import annotations

from collections.abc import Iterator

from phonenumbers import SUPPORTED_REGIONS

from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import OPERATOR, Draft
from ivr.directory.problems import Problem

COUNTRIES_OF_CONCERN = frozenset({"CN", "HK", "MO", "CU", "IR", "KP", "RU", "VE"})
"""28 CFR 202.601: bulk health data of US persons must not be reachable from there."""


def problems(draft: Draft) -> Iterator[Problem]:
    """Names that lead nowhere, doubled agents, sites that the law rules out."""
    operator = draft.operator
    yield from unknown(draft, OPERATOR, ("fallback", "pool"), "pool", operator.fallback.pool, operator.pools)
    yield from _pools(draft)
    yield from _sites(draft)
    yield from _agents(draft)


def _pools(draft: Draft) -> Iterator[Problem]:
    staffed = {agent.pool for agent in draft.operator.agents}
    for name, pool in draft.operator.pools.items():
        yield from unknown(draft, OPERATOR, ("pools", name, "site"), "site", pool.site, draft.operator.sites)
        if name not in staffed:
            what = f"nobody works in the pool {name}"
            yield draft.problem(OPERATOR, ("pools", name), what, "give it an agent, or remove it", warning=True)


def _sites(draft: Draft) -> Iterator[Problem]:
    for name, site in draft.operator.sites.items():
        place = ("sites", name, "country")
        if site.country in COUNTRIES_OF_CONCERN:
            mend = "choose another site; 28 CFR 202 bars access to health data from there"
            yield draft.problem(OPERATOR, place, f"{name} is in a country of concern ({site.country})", mend)
        if site.country not in SUPPORTED_REGIONS:
            mend = "write its two letters in ISO 3166-1, such as GB"
            yield draft.problem(OPERATOR, place, f"{site.country} is no country, so that {name} is nowhere", mend)
        if site.country == "US" and site.state is None:
            yield draft.problem(OPERATOR, place, f"{name} is in the US without a state", "add state: IL")
        if site.country != "US" and site.state is not None:
            place = ("sites", name, "state")
            yield draft.problem(OPERATOR, place, f"{name} has a US state but is in {site.country}", "remove state")


def _agents(draft: Draft) -> Iterator[Problem]:
    agents = draft.operator.agents
    for index, agent in enumerate(agents):
        yield from unknown(draft, OPERATOR, ("agents", index, "pool"), "pool", agent.pool, draft.operator.pools)
        if agent.trained is None:
            what = f"{agent.id} has no training on record"
            yield draft.problem(OPERATOR, ("agents", index), what, "add trained: {hipaa: date}", warning=True)
    for place, name in repeated((("agents", index, "id"), agent.id) for index, agent in enumerate(agents)):
        yield draft.problem(OPERATOR, place, f"two agents have the id {name!r}", "give each an id of their own")
    for place, _ in repeated((("agents", index, "contact"), agent.contact) for index, agent in enumerate(agents)):
        yield draft.problem(OPERATOR, place, "two agents have this contact", "give each a contact of their own")
