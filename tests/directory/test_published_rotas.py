"""The published answers of two open on-call systems are ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ivr.directory.rotas import rota_of
from ivr.directory.schema.rota import RotaEntry
from routing.rota import Rota, on_duty, turns
from routing.zones import to_utc
from tests.directory.published_rotas import CASES, Case


def instants(row: str) -> list[datetime]:
    """``2020-10-30 01:30-5 10-31 01:30-5``: times with their hours from UTC; the year stands where it changes."""
    year, found = "", []
    for day, clock in pairwise(["", *row.split()][1:]):
        if "-" not in day or ":" in day:
            continue
        year = day[:4] if len(day) == 10 else year
        sign = "-" if "-" in clock else "+"
        time, hours = clock.split(sign)
        wall = datetime.fromisoformat(f"{year}-{day[-5:]} {time}").replace(tzinfo=UTC)
        found.append(wall - float(f"{sign}{hours}") * timedelta(hours=1))
    return found


def hand_overs(rota: Rota, first: datetime, last: datetime) -> list[datetime]:
    """Every instant from the first to the last at which somebody else takes over."""
    moment = timedelta(minutes=1)
    found = turns(rota, first - moment, last + moment)
    return [other.start for one, other in pairwise(found) if (one.person, one.beside) != (other.person, other.beside)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_published_case_has_its_published_answer(case: Case) -> None:
    rota = rota_of("published", RotaEntry.model_validate(case.rota))
    for row in case.changes:
        expected = instants(row)
        assert hand_overs(rota, expected[0], expected[-1]) == expected
    for wall, people in case.on_call.items():
        assert on_duty(rota, to_utc(datetime.fromisoformat(wall), rota.zone)) == tuple(people.split()), wall
    assert case.changes or case.on_call


def test_there_are_as_many_cases_as_the_two_systems_publish_that_can_be_written_down() -> None:
    assert len(CASES) >= 79
    assert len({case.name for case in CASES}) == len(CASES)
