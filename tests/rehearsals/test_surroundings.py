"""The example organisation as the phones' page is told about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.directory.organisation import Organisation
from phonesim.page.world import world_of
from rehearsals.demo import surroundings
from rehearsals.provisioning import read_organisation

ROOT = Path(__file__).resolve().parents[2]
TUESDAY = datetime(2026, 11, 24, 7, tzinfo=UTC)
PATIENTS = {"Pat Ellis": "+13125550199"}


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return read_organisation(ROOT / "config", TUESDAY, allow_unsigned=True)


def staffed(organisation: Organisation, site: str, at: datetime) -> bool:
    told = next(one for one in surroundings.sites(organisation, at) if one["name"] == site)
    spans = [[datetime.fromisoformat(end) for end in span] for span in told["staffed"]]
    return any(start <= at < end for start, end in spans)


def test_sites_are_told_from_west_to_east(organisation: Organisation) -> None:
    names = [site["name"] for site in surroundings.sites(organisation, TUESDAY)]
    assert names == ["Chicago", "Bogota", "Cape Town", "Manila"]


@pytest.mark.parametrize(
    ("site", "at", "awake"),
    [
        ("Manila", "2026-11-24T07:00", True),
        ("Chicago", "2026-11-24T07:00", False),
        ("Chicago", "2026-11-24T15:00", True),
        ("Chicago", "2026-11-24T18:30", False),
        ("Chicago", "2026-11-26T15:00", False),
    ],
    ids=["afternoon in Manila", "night in Chicago", "morning in Chicago", "lunch in Chicago", "Thanksgiving"],
)
def test_a_site_is_staffed_when_one_of_its_pools_works(
    organisation: Organisation, site: str, at: str, awake: bool
) -> None:
    assert staffed(organisation, site, datetime.fromisoformat(at).replace(tzinfo=UTC)) is awake


def test_everybody_with_a_phone_is_told_with_a_role_and_a_duty(organisation: Organisation) -> None:
    people = {one["name"]: one for one in surroundings.people(organisation, TUESDAY, PATIENTS)}
    assert people["Pat Ellis"]["role"] == "patient"
    assert (people["Ana Reyes"]["address"], people["Ana Reyes"]["site"]) == ("client:ana", "Manila")
    assert people["Dr Okafor"]["duty"] == "on call for Maple Family Medicine"
    assert people["Dr Lee"]["duty"] == "next on call for Maple Family Medicine"
    assert people["Dr Patel"]["duty"] == ""
    assert (people["Lingua Bridge"]["role"], people["Lingua Bridge"]["duty"]) == ("interpreter", "interprets es-US")


def test_the_page_takes_what_it_is_told(organisation: Organisation) -> None:
    sites, people = surroundings.sites(organisation, TUESDAY), surroundings.people(organisation, TUESDAY, PATIENTS)
    assert len(world_of({"sites": sites, "people": people})["people"]) == len(people)
