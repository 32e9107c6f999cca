"""Calls whose pages share rings let go of one another: where nobody answers, ringing comes to an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.oncall.tables import escalation
from rehearsals.world import World
from tests.calls.office import CONFIG, NIGHT, Office
from tests.calls.scenes import EMERGENCY, dial, goes_on, ringing, run
from tests.conftest import thorough


@pytest.mark.parametrize("apart", [100, thorough(45), thorough(170)])
def test_several_calls_that_nobody_takes_ring_for_a_bounded_time(apart: int) -> None:
    with World(CONFIG, NIGHT) as world:
        for caller in ("+13125550194", "+13125550195", "+13125550196"):
            goes_on(world, dial(world, from_=caller), EMERGENCY)
            run(world, apart)
        world.advance_to(world.now + timedelta(minutes=45))
        assert ringing(world) == []
        assert {row.state for row in Office(world).rows(escalation)} == {"exhausted"}
