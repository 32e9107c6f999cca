"""An operator that follows the sun, for the tests of who should be reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from routing.agents import Agent, Licence
from routing.hours import HolidayRules, parse_weekly
from routing.sites import Pool, Site


@pytest.fixture(scope="session")
def pools() -> Mapping[str, Pool]:
    """Three pools that cover the day between them, and a front desk in Chicago."""
    kept = {country: HolidayRules(country, closes=False) for country in ("PH", "ZA", "CO")}
    manila = Site("manila", "Asia/Manila", "PH", holidays=kept["PH"])
    cape_town = Site("cape-town", "Africa/Johannesburg", "ZA", holidays=kept["ZA"])
    bogota = Site("bogota", "America/Bogota", "CO", holidays=kept["CO"])
    chicago = Site("chicago", "America/Chicago", "US", "IL", HolidayRules("US", observe=("Thanksgiving Day",)))
    found = [
        Pool("manila", manila, parse_weekly({"mon-sun": ["07:00-19:00"]})),
        Pool("cape-town", cape_town, parse_weekly({"mon-sun": ["07:00-19:00"]})),
        Pool("bogota", bogota, parse_weekly({"mon-sun": ["06:00-18:00"]})),
        Pool("front-desk", chicago, parse_weekly({"mon-fri": ["08:00-12:00", "13:00-17:00"]})),
    ]
    return {pool.id: pool for pool in found}


@pytest.fixture(scope="session")
def nurse(pools: Mapping[str, Pool]) -> Callable[..., Agent]:
    """Builds a nurse: ``nurse("joy", "manila", skills={...})``."""

    def build(id: str = "joy", pool: str = "manila", **other: Any) -> Agent:
        values: dict[str, Any] = {
            "contact": f"client:{id}",
            "languages": frozenset({"en-US"}),
            "skills": {"triage_rn": 4},
            "licences": (Licence("RN", "TX", date(2027, 5, 31), compact=True), Licence("RN", "IL", date(2027, 5, 31))),
        }
        return Agent(id, pools[pool], **(values | other))

    return build
