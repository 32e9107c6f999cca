"""What a changed flow does with calls in progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callflows.engine.replay import Entry
from callflows.proof import samples
from callflows.proof.behaviour import Behaviour
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.possible import World
from callflows.proof.subjects import released_subjects
from callflows.proof.waiting_points import UnreadableRelease, Verdict, judge, read, released, write
from callflows.registry import CURRENT, version
from callflows.values import Call
from callflows.vocabulary import Ask, DialEnded, Do, Flow, NoteCall, Outcome, Pressed, Say
from ivr.flows.releases import FOLDER, releases

CALL = samples.call(samples.practice())
FILES = sorted(FOLDER.glob("*.json"))


def before(call: Call) -> Flow:
    first = yield Ask("tea", call.lines("menu.lead"))
    if first == Pressed("1"):
        yield Ask("milk", ())
    return Outcome("done")


def subject(flow: Callable[[Any], Flow], label: str = "usual") -> Subject:
    return Subject("breakfast", label, flow, CALL, world=World())


RELEASE = released([subject(before)], 1, proved=False)


def now(flow: Callable[[Any], Flow]) -> Verdict:
    """What ``flow`` does with calls of the release, as if its module had changed."""
    return judge(replace(RELEASE, fingerprint="0" * 64), [subject(flow)], flow)


def test_a_release_has_a_waiting_point_for_each_question() -> None:
    assert [point.pending for point in RELEASE.points] == ["tea", "milk"]
    assert [len(point.log) for point in RELEASE.points] == [0, 1]


def test_the_same_flow_meets_all_its_calls() -> None:
    verdict = judge(RELEASE, [subject(before)], before)
    assert (verdict.unchanged, verdict.continues, verdict.refused, verdict.safe) == (True, 2, (), True)
    assert (verdict.moved, verdict.otherwise) == (False, ())


def test_a_flow_that_only_moved_does_the_same_everywhere() -> None:
    verdict = now(before)
    assert (verdict.unchanged, verdict.moved, verdict.continues, verdict.otherwise) == (False, True, 2, ())
    assert verdict.safe


def test_a_flow_in_other_pieces_under_other_names_has_only_moved() -> None:
    def with_milk(said: object) -> Flow:
        if said in (Pressed("1"),):
            yield Ask("milk", ())
        return Outcome("done")

    def rewritten(told: Call) -> Flow:
        """The same by another hand."""
        return (yield from with_milk((yield Ask("tea", told.lines("menu.lead")))))

    assert now(rewritten).moved


def test_rewording_a_question_refuses_nobody() -> None:
    def reworded(call: Call) -> Flow:
        first = yield Ask("tea", call.lines("menu.person"))
        if first == Pressed("1"):
            yield Ask("milk", call.lines("menu.person"))
        return Outcome("done")

    verdict = now(reworded)
    assert verdict.safe
    assert not verdict.moved
    assert [point.pending for point in verdict.otherwise] == ["tea"]


def test_what_is_new_beyond_the_last_waiting_point_is_told() -> None:
    def warned(call: Call) -> Flow:
        first = yield Ask("tea", call.lines("menu.lead"))
        if first == Pressed("1"):
            yield Ask("milk", ())
            yield Say("hot", call.lines("menu.person"))
        return Outcome("done")

    verdict = now(warned)
    assert (verdict.safe, verdict.moved) == (True, False)
    assert [point.pending for point in verdict.otherwise] == ["tea", "milk"]


def test_another_effect_on_the_way_is_told() -> None:
    def noted(call: Call) -> Flow:
        first = yield Ask("tea", call.lines("menu.lead"))
        if first == Pressed("1"):
            yield Ask("milk", ())
        if first == Pressed("2"):
            yield Do("note", NoteCall(service="tea"))
        return Outcome("done")

    verdict = now(noted)
    assert (verdict.safe, verdict.moved, verdict.continues) == (True, False, 2)
    assert [point.pending for point in verdict.otherwise] == ["tea"]


def test_another_key_refuses_those_who_are_asked_it() -> None:
    def renamed(call: Call) -> Flow:
        first = yield Ask("tea", call.lines("menu.lead"))
        if first == Pressed("1"):
            yield Ask("cream", ())
        return Outcome("done")

    verdict = now(renamed)
    assert (verdict.moved, verdict.continues) == (False, 1)
    assert [point.pending for point, _ in verdict.refused] == ["milk"]


def test_another_order_refuses_those_who_are_in_it() -> None:
    def reversed_(call: Call) -> Flow:
        yield Ask("milk", ())
        yield Ask("tea", call.lines("menu.lead"))
        return Outcome("done")

    verdict = now(reversed_)
    assert (verdict.moved, verdict.continues, verdict.safe) == (False, 0, False)


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
    for stored in releases():
        assert read(write(stored)) == stored


def test_what_a_flow_does_is_told_alike_however_its_states_are_merged() -> None:
    def sweetened(call: Call) -> Flow:
        yield Ask("tea", ())
        sugar = yield Ask("sugar", ())
        if sugar == Pressed("1"):
            yield Ask("milk", ())
        return Outcome("done")

    merged, every_path = explore(subject(sweetened)), explore(subject(sweetened), merge=False)
    assert len(merged.states) < len(every_path.states)
    assert Behaviour(merged).whole == Behaviour(every_path).whole
    for state in every_path.states:
        assert Behaviour(merged).after(state.log) == Behaviour(every_path).after(state.log) != ""


def test_nothing_lies_ahead_of_a_log_that_the_flow_does_not_meet() -> None:
    does = Behaviour(explore(subject(before)))
    assert does.after([Entry("tea", Pressed("1"))]) != ""
    assert does.after([Entry("tea", Pressed("2"))]) == ""
    assert does.after([Entry("tea", Pressed("1")), Entry("milk", Pressed("1")), Entry("more", Pressed("1"))]) == ""
    assert does.after([Entry("tea", DialEnded(True))]) == ""


@pytest.mark.parametrize("text", ["", "{}", '{"flow": "x"}', write(RELEASE).replace("Pressed", "Whistled")])
def test_a_damaged_release_is_refused(text: str) -> None:
    with pytest.raises(UnreadableRelease):
        read(text)


def test_every_current_flow_has_been_frozen() -> None:
    assert {(stored.flow, stored.version) for stored in releases()} >= {(flow.name, flow.version) for flow in CURRENT}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_working_copy_meets_every_call_of_every_release(file: Path) -> None:
    stored = read(file.read_text(encoding="utf-8"))
    verdict = judge(stored, released_subjects(stored.flow), version(stored.flow, stored.version).play)
    assert verdict.refused == ()
    assert verdict.continues == len(stored.points) > 0
