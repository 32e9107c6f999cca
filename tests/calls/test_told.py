"""What whoever waits is told, in documents asked for by hand."""

from __future__ import annotations

from ivr.calls.tables import leg
from tests.calls.office import Office


def test_a_hold_leaves_alone_what_the_same_leg_is_told_in_its_wait(office: Office) -> None:
    caller = office.dialled()
    caller.presses("1")
    caller.presses("0")
    wait = caller.heard.url("waitUrl")
    assert "press 1" in caller.send(wait).words

    office.passes(20)
    assert "still" in caller.send(f"/voice/hold/{office.one(leg).id}").words
    office.passes(20)
    later = caller.send(wait)
    assert later.words
    assert later.verbs[0] == "Gather"
    assert not [entry for entry in office.world.log if entry["log_level"] == "error"]
