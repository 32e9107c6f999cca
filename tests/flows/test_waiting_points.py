"""What a changed flow does with calls in progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callflows import samples
from callflows.graph import Subject
from callflows.possible import World
from callflows.registry import CURRENT, version
from callflows.subjects import released_subjects
from callflows.values import Call
from callflows.vocabulary import Ask, Flow, Outcome, Pressed
from callflows.waiting_points import Release, UnreadableRelease, Verdict, judge, read, released, write
from ivr.flows.releases import releases

CALL = samples.call(samples.practice())
STORED = releases()


def before(call: Call) -> Flow:
    first = yield Ask("tea", call.lines("menu.lead"))
    if first == Pressed("1"):
        yield Ask("milk", ())
    return Outcome("done")


def subject(flow: Callable[[Any], Flow], label: str = "usual") -> Subject:
    return Subject("breakfast", label, flow, CALL, world=World())


RELEASE = released([subject(before)], 1)


def now(flow: Callable[[Any], Flow]) -> Verdict:
    """What ``flow`` does with calls of the release, as if its module had changed."""
    verdict = judge(RELEASE, [subject(flow)], flow)
    return Verdict(verdict.flow, verdict.version, False, verdict.continues, verdict.refused)


def test_a_release_has_a_waiting_point_for_each_question() -> None:
    assert [point.pending for point in RELEASE.points] == ["tea", "milk"]
    assert [len(point.log) for point in RELEASE.points] == [0, 1]


def test_the_same_flow_meets_all_its_calls() -> None:
    verdict = judge(RELEASE, [subject(before)], before)
    assert (verdict.unchanged, verdict.continues, verdict.refused, verdict.safe) == (True, 2, (), True)


def test_rewording_a_question_refuses_nobody() -> None:
    def reworded(call: Call) -> Flow:
        first = yield Ask("tea", call.lines("menu.person"))
        if first == Pressed("1"):
            yield Ask("milk", call.lines("menu.person"))
        return Outcome("done")

    assert now(reworded).safe


def test_a_new_question_refuses_those_who_are_beyond_it() -> None:
    def longer(call: Call) -> Flow:
        yield Ask("name", ())
        return (yield from before(call))

    verdict = now(longer)
    assert not verdict.safe
    assert [reason for _, reason in verdict.refused] == [
        "the caller was asked 'tea', but the flow now asks 'name'",
        "step 0 of the log answers 'tea', but the flow asks 'name'",
    ]


def test_a_dropped_question_refuses_those_who_are_asked_it() -> None:
    def shorter(call: Call) -> Flow:
        yield Ask("tea", ())
        return Outcome("done")

    verdict = now(shorter)
    assert (verdict.continues, len(verdict.refused)) == (1, 1)
    assert "the caller was asked 'milk', but the flow now asks 'nothing more'" in verdict.refused[0][1]


def test_whatever_a_changed_flow_raises_is_a_refusal() -> None:
    def broken(call: Call) -> Flow:
        answer = yield Ask("tea", ())
        yield Ask({"2": "milk"}[answer.digits], ())
        return Outcome("done")

    assert "'1'" in now(broken).refused[0][1]


def test_a_sample_that_is_gone_is_a_refusal() -> None:
    verdict = judge(RELEASE, [subject(before, "another")], before)
    assert "nothing is explored as 'usual' any more" in verdict.refused[0][1]


def test_a_release_survives_being_written() -> None:
    assert read(write(RELEASE)) == RELEASE
    for stored in STORED:
        assert read(write(stored)) == stored


@pytest.mark.parametrize("text", ["", "{}", '{"flow": "x"}', write(RELEASE).replace("Pressed", "Whistled")])
def test_a_damaged_release_is_refused(text: str) -> None:
    with pytest.raises(UnreadableRelease):
        read(text)


def test_every_current_flow_has_been_frozen() -> None:
    assert {(stored.flow, stored.version) for stored in STORED} >= {(flow.name, flow.version) for flow in CURRENT}


@pytest.mark.parametrize("stored", STORED, ids=[f"{one.flow}-{one.version}" for one in STORED])
def test_the_working_copy_meets_every_call_of_every_release(stored: Release) -> None:
    verdict = judge(stored, released_subjects(stored.flow), version(stored.flow, stored.version).play)
    assert verdict.refused == ()
    assert verdict.continues == len(stored.points) > 0
