"""What is said of a code beside the question for it is kept in no log and in no recording."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callflows.vocabulary import Spoke
from ivr.calls import log
from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import dial, goes_on, ringing, run, said_to
from tests.professionals.callers import AS_A_LABORATORY, BACKLINE, CALLER, LAKESIDE, make

pytestmark = pytest.mark.sqlite_first


def kept(office: Office, world: World) -> str:
    """All words that the logs of the call hold, once what was said last was heard."""
    run(world, 5)
    with transaction(world.services) as work:
        logged = [entry.answer for row in office.rows(leg) for entry in log.entries(work, row)]
    return " ".join(answer.words for answer in logged if isinstance(answer, Spoke))


@pytest.mark.parametrize("words", ["yes my code was {code}", "my code was {part} I think"])
def test_a_code_that_is_said_at_the_offer_is_kept_nowhere(world: World, words: str) -> None:
    office, code = Office(world), make(world)
    line = goes_on(world, dial(world, BACKLINE, CALLER), (*AS_A_LABORATORY, code))
    goes_on(world, line, (words.format(code=" ".join(code), part=" ".join(code[:5])),))
    assert not any(digit in kept(office, world) for digit in code)
    assert "my code was" in kept(office, world)


def test_a_part_of_a_code_is_kept_nowhere_at_its_own_question(world: World) -> None:
    office, code = Office(world), make(world)
    line = goes_on(world, dial(world, BACKLINE, CALLER), AS_A_LABORATORY)
    goes_on(world, line, (f"I only have {' '.join(code[:5])} here",))
    assert not any(digit in kept(office, world) for digit in code)


def test_a_code_that_is_said_at_the_listed_number_is_kept_nowhere(world: World) -> None:
    office, code = Office(world), make(world)
    goes_on(world, dial(world, BACKLINE, CALLER), (*AS_A_LABORATORY, code, "1"))
    assert world.advance(lambda: LAKESIDE in ringing(world), timedelta(minutes=1))
    goes_on(world, world.net.phone(LAKESIDE).answer(), (f"our code is {' '.join(code)}",))
    assert not any(digit in kept(office, world) for digit in code)
    assert "our code is" in kept(office, world)


def test_the_matter_keeps_its_numbers(world: World) -> None:
    office = Office(world)
    make(world)
    goes_on(world, dial(world, BACKLINE, CALLER), ("2", "2", "platelets 1 2 0 0 0"))
    assert "1 2 0 0 0" in kept(office, world)


def test_no_recording_runs_while_a_code_is_given(world: World) -> None:
    line = goes_on(world, dial(world, BACKLINE, CALLER), AS_A_LABORATORY)
    assert world.advance(lambda: "nine digits" in said_to(line), timedelta(minutes=1))
    run(world, 3)
    told = [entry.detail["status"] for entry in world.net.trace if entry.kind == "recording"]
    assert told == ["in-progress", "paused"]
    goes_on(world, line, (make(world),))
    run(world, 3)
    told = [entry.detail["status"] for entry in world.net.trace if entry.kind == "recording"]
    assert told == ["in-progress", "paused", "in-progress"]
