"""Things of a network are found by what is written on them; what is over costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from phonesim.shelf import Shelf
from tests.simulator.stage import OURS, Stage

AGENT = "+13125550171"


@dataclass
class Thing:
    sid: str
    name: str
    place: str | None


STEPS, PLACES = st.sampled_from(["keep", "finish", "remove"]), st.sampled_from(["x", None])
CHANGES = st.lists(st.tuples(STEPS, st.integers(0, 9), st.sampled_from("ab"), PLACES), max_size=40)


@given(CHANGES, st.sampled_from(["a", "b", None]), st.sampled_from(["x", None]), st.booleans())
def test_a_shelf_finds_what_a_search_through_everything_finds(
    changes: list[tuple[str, int, str, str | None]], name: str | None, place: str | None, unfinished: bool
) -> None:
    shelf: Shelf[Thing] = Shelf(name=lambda one: one.name, place=lambda one: one.place)
    plain: dict[str, Thing] = {}
    finished: set[str] = set()
    for what, number, given_name, given_place in changes:
        sid = f"{number}"
        if what == "keep" and sid not in plain:
            shelf[sid] = plain[sid] = Thing(sid, given_name, given_place)
            finished.discard(sid)
        elif what == "finish" and sid in plain:
            shelf.finish(sid)
            finished.add(sid)
        elif what == "remove" and sid in plain:
            del shelf[sid], plain[sid]
    wanted = [
        one
        for one in reversed(plain.values())
        if name in {None, one.name} and place in {None, one.place} and not (unfinished and one.sid in finished)
    ]
    assert list(shelf.newest(unfinished, name=name, place=place)) == wanted


class Sealed(dict[str, Thing]):
    """Things that must not be gone through one by one."""

    def __reversed__(self) -> Iterator[str]:
        raise AssertionError("everything was looked at")


def test_a_look_up_by_name_goes_through_nothing_but_the_things_of_that_name() -> None:
    shelf: Shelf[Thing] = Shelf(name=lambda one: one.name)
    for number in range(1000):
        shelf[str(number)] = Thing(str(number), f"name {number}", None)
    shelf.unfinished = Sealed(shelf.unfinished)
    assert next(shelf.newest(unfinished=True, name="name 7")).sid == "7"


def test_a_call_that_is_over_leaves_nothing_to_come(stage: Stage) -> None:
    """Time limits and ring timers of thousands of finished calls would otherwise be waited for."""
    stage.phone(AGENT, "answer")
    stage.page("/left", "<Hangup/>")
    line = stage.member("+13125550199")
    stage.twilio.conferences("room").participants.create(from_=OURS, to=AGENT)
    stage.net.advance(10)
    assert line.connected_to == {AGENT}
    line.hang_up()
    stage.net.run_due()
    stage.conference().update(status="completed")
    stage.net.advance(5)
    assert stage.net.next_event_at() is None
    assert (stage.net.legs.unfinished, stage.net.conferences.unfinished) == ({}, {})


def test_finished_things_can_still_be_fetched_and_listed(stage: Stage) -> None:
    line = stage.call("<Hangup/>")
    assert stage.twilio.calls(line.call_sid).fetch().status == "completed"
    assert [call.sid for call in stage.twilio.calls.list(status="completed", to=OURS)] == [line.call_sid]
    assert stage.twilio.calls.list(status="in-progress") == []
