"""The explorer itself: merging loses nothing, and what only the whole graph shows is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from callflows.dialogues.talking import CLINICIAN_LOST
from callflows.engine.replay import LONGEST_LOG, replay
from callflows.proof.explore import explore
from callflows.proof.graph import Report, Subject
from callflows.proof.position import Positions
from callflows.proof.possible import World
from callflows.proof.subjects import sample_subjects
from callflows.proof.transcript import told
from callflows.registry import CURRENT
from callflows.vocabulary import (
    Answer,
    Ask,
    Dialogue,
    Do,
    Fact,
    Flow,
    HungUp,
    Outcome,
    Pressed,
    RaiseAlert,
    Request,
    Say,
    SetAside,
    Silence,
    TakenOver,
)
from tests.conftest import thorough
from tests.flows.small import made_brief

TRIES = range(3)


class FewAnswers(World):
    """A world in which two keys, silence and interruptions are all there is."""

    def answers_for(self, request: Request) -> tuple[Answer, ...]:
        few = (Pressed("1"), Pressed("2"), Silence(), *self.interruptions)
        return tuple(answer for answer in World.answers_for(self, request) if answer in few or isinstance(request, Do))


class OneKindOfNews(World):
    """A world in which of a talk's news only that of interpreters comes: each kind of it takes the same turns."""

    def answers_for(self, request: Request) -> tuple[Answer, ...]:
        return tuple(answer for answer in World.answers_for(self, request) if answer != CLINICIAN_LOST)


class NobodyAsks(World):
    """A world in which nobody asks for a clinician in a talk or is held in one, so that no call is kept for one."""

    def answers_for(self, request: Request) -> tuple[Answer, ...]:
        asked = isinstance(request, Fact) and request.name == "asked_clinician"
        answers = tuple(answer for answer in World.answers_for(self, request) if answer != SetAside())
        return answers[: 1 if asked else None]


def walked(flow: Callable[[Any], Flow], world: World = World()) -> Report:  # noqa: B008 - frozen
    return explore(Subject("test", "test", flow, None, world=world))


def small(flow: str) -> Subject:
    return next(subject for subject in sample_subjects() if subject.flow == flow)


def with_one_kind_of_news(subject: Subject) -> Subject:
    world = subject.world
    return replace(subject, world=OneKindOfNews(world.interruptions, world.takeovers, world.flags))


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(small("house_call"), id="house_call"),
        pytest.param(small("drill_call"), id="drill_call"),
        thorough(with_one_kind_of_news(made_brief(small("safe_landing"))), id="safe_landing, brief, one kind"),
        thorough(made_brief(small("safe_landing")), id="safe_landing, brief"),
        thorough(with_one_kind_of_news(small("clinician_page")), id="clinician_page"),
        thorough(with_one_kind_of_news(small("safe_landing")), id="safe_landing"),
    ],
)
def test_merging_finds_exactly_the_paths_of_full_enumeration(subject: Subject) -> None:
    merged, full = explore(subject), explore(subject, merge=False)
    assert merged.shape is not None
    assert merged.shape == full.shape
    assert merged.outcomes == full.outcomes
    assert len(merged.states) < len(full.states)


def loops_and_branches(_: object) -> Flow:
    kept = ""
    for attempt in TRIES:
        answer = yield Ask(f"first/{attempt}", ())
        if answer == Pressed("1"):
            kept = "one"
            break
    yield Do("effect", RaiseAlert("x"))
    for again in TRIES:
        try:
            answer = yield Ask(f"second/{again}", ())
        except TakenOver:
            kept = "taken"
        if answer == Pressed("2"):
            return Outcome(f"two {kept}")
    return Outcome(f"none {kept}")


def test_merging_agrees_with_enumeration_on_loops_exceptions_and_locals() -> None:
    subject = Subject("test", "test", loops_and_branches, None, world=FewAnswers())
    merged, full = explore(subject), explore(subject, merge=False)
    assert merged.shape is not None
    assert merged.shape == full.shape
    assert (
        merged.outcomes
        == full.outcomes
        == (
            *("hung-up", "none ", "none one", "none taken", "safe landing"),
            *("two ", "two one", "two taken"),
        )
    )


def asked_twice() -> Dialogue:
    for attempt in TRIES[:2]:
        answer = yield Ask(f"again/{attempt}", ())
        if answer == Pressed("1"):
            return "yes"
    return "no"


def answered_late(how: str) -> Flow:
    got = yield from asked_twice()
    yield Ask("late", ())
    return Outcome(f"{how} {got}")


def passed_on(how: str) -> Flow:
    return (yield from answered_late(how))


def one_dialogue_in_many_places(_: object) -> Flow:
    first = yield Ask("first", ())
    if first == Pressed("1"):
        try:
            got = yield from asked_twice()
        except TakenOver:
            got = "taken"
        return Outcome(f"guarded {got}")
    if first == Pressed("2"):
        return (yield from passed_on("passed on"))
    try:
        return (yield from answered_late("late"))
    except HungUp:
        yield Do("effect", RaiseAlert("x"))
        return Outcome("gone late")


def test_a_dialogue_that_many_functions_wait_for_leads_back_to_the_one_that_waits() -> None:
    """What was played of it in one place is not played again in another, in which something else follows."""
    subject = Subject("test", "test", one_dialogue_in_many_places, None, world=FewAnswers())
    merged, full = explore(subject), explore(subject, merge=False)
    assert merged.shape is not None
    assert merged.shape == full.shape
    assert merged.outcomes == full.outcomes
    assert {"guarded taken", "gone late", "late yes", "passed on no", "safe landing"} <= set(merged.outcomes)


def test_a_function_that_only_passes_on_tells_no_states_apart() -> None:
    def ended() -> Flow:
        yield Ask("last", ())
        return Outcome("done")

    def passing() -> Flow:
        return (yield from ended())

    def minding() -> Flow:
        try:
            return (yield from ended())
        except TakenOver:
            return Outcome("taken")

    def looping() -> Flow:
        for _ in TRIES:
            return (yield from ended())
        return Outcome("never")

    def chosen(_: object) -> Flow:
        first = yield Ask("first", ())
        if first == Pressed("1"):
            return (yield from passing())
        if first == Pressed("2"):
            return (yield from minding())
        if first == Silence():
            return (yield from looping())
        return (yield from ended())

    assert len(walked(chosen, FewAnswers()).states) == 3


def test_a_function_that_drops_what_it_waits_for_does_more_than_pass_it_on() -> None:
    def ended() -> Flow:
        yield Ask("last", ())
        return Outcome("done")

    def looping() -> Flow:
        for _ in TRIES:
            yield from ended()
            return Outcome("dropped")
        return Outcome("never")

    def chosen(_: object) -> Flow:
        first = yield Ask("first", ())
        return (yield from (looping() if first == Silence() else ended()))

    report = walked(chosen, FewAnswers())
    assert len(report.states) == 3
    assert {"done", "dropped"} <= set(report.outcomes)


def test_a_local_that_is_never_read_again_tells_no_states_apart() -> None:
    def forgetful(_: object) -> Flow:
        first = yield Ask("first", ())
        yield Say("heard", ()) if first == Pressed("1") else Say("unheard", ())
        yield Ask("second", ())
        return Outcome("done")

    assert len(walked(forgetful).states) == 2


def test_a_local_that_decides_later_keeps_states_apart() -> None:
    def remembering(_: object) -> Flow:
        first = yield Ask("first", ())
        yield Ask("second", ())
        return Outcome("one" if first == Pressed("1") else "other")

    report = walked(remembering)
    assert report.outcomes == ("hung-up", "one", "other", "safe landing")
    assert len(report.states) == 1 + len(
        [edge for edge in report.edges if edge.source == 0 and edge.target is not None]
    )


def test_a_loop_variable_keeps_rounds_apart_even_when_it_is_not_read() -> None:
    def rounds(_: object) -> Flow:
        for turn in TRIES:
            yield Ask(f"turn/{turn}", ())
        return Outcome("done")

    report = walked(rounds)
    assert report.violation is None
    assert len(report.states) == len(TRIES)


def test_what_is_looped_over_keeps_rounds_apart_whose_variable_is_equal() -> None:
    def asks(items: tuple[str, ...]) -> Dialogue:
        for item in items:
            yield Ask(item, ())

    def chosen(_: object) -> Flow:
        first = yield Ask("first", ())
        yield from asks(("same", "short") if first == Pressed("1") else ("same", "long"))
        return Outcome("done")

    report = walked(chosen, FewAnswers())
    assert [state.request.key for state in report.states] == ["first", "same", "same", "short", "long"]


def test_a_conversation_without_an_end_is_found() -> None:
    def endless(_: object) -> Flow:
        asked = Ask("again", ())
        while True:
            yield asked

    assert told(walked(endless)).endswith("NOT SAFE: the conversation can go on for ever")


def test_a_conversation_that_outgrows_the_log_is_found() -> None:
    def chatty(_: object) -> Flow:
        for turn in range(LONGEST_LOG + 1):
            yield Ask(f"turn/{turn}", ())
        return Outcome("done")

    assert f"more than {LONGEST_LOG} answers" in told(walked(chatty, FewAnswers()))


def test_a_key_asked_twice_on_different_branches_is_found_although_states_merge() -> None:
    def forked(_: object) -> Flow:
        first = yield Ask("first", ())
        if first == Pressed("1"):
            yield Say("word", ())
        yield Ask("second", ())
        yield Say("word", ())
        return Outcome("done")

    assert "'word' can be asked twice" in told(walked(forked)) or "'word' is asked twice" in told(walked(forked))


def test_a_mutable_local_is_refused_because_it_cannot_be_compared() -> None:
    def hoarder(_: object) -> Flow:
        kept: list[object] = []
        kept.append((yield Ask("first", ())))
        yield Ask("second", ())
        return Outcome(str(kept))

    assert "keeps a list across a yield" in told(walked(hoarder))


def test_what_the_flow_itself_raises_is_a_violation_with_its_path() -> None:
    def broken(_: object) -> Flow:
        answer = yield Ask("first", ())
        if answer == Pressed("3"):
            raise KeyError("oh")
        return Outcome("done")

    transcript = told(walked(broken))
    assert "presses 3" in transcript
    assert transcript.endswith("NOT SAFE: the flow breaks: KeyError: 'oh'")


def test_asking_somebody_who_has_gone_is_a_violation() -> None:
    def deaf(_: object) -> Flow:
        try:
            yield Ask("first", ())
        except HungUp:
            yield Ask("second", ())
        return Outcome("done")

    assert "wants to speak to somebody who has hung up" in told(walked(deaf))


def test_an_unknown_fact_is_named_with_the_mend() -> None:
    def curious(_: object) -> Flow:
        yield Fact("fact", "weather")
        return Outcome("done")

    assert "does not know the fact 'weather'; name it in callflows/proof/possible.py" in told(walked(curious))


def test_the_shortest_bad_path_is_shown() -> None:
    def picky(_: object) -> Flow:
        for turn in TRIES:
            answer = yield Ask(f"turn/{turn}", ())
            if answer == Pressed("4"):
                raise ValueError("four")
        return Outcome("done")

    report = walked(picky)
    assert report.violation is not None
    assert len(report.violation.log) == 1


def test_a_flow_that_ends_at_once_has_one_path() -> None:
    def silent(_: object) -> Flow:
        yield Say("bye", ())
        return Outcome("done")

    shape = walked(silent).shape
    assert shape is not None
    assert (shape.paths, shape.longest) == (1, 0)


def test_every_state_is_where_the_engine_comes_to_over_its_log(explored: Callable[[Subject], Report]) -> None:
    for subject in (small("clinician_page"), small("agent_offer"), small("backline")):
        for state in explored(subject).states:
            assert replay(subject.play(subject.told), state.log, state.request.key).request == state.request


def test_equal_positions_need_equal_locals() -> None:
    def listening(_: object) -> Flow:
        first = yield Ask("first", ())
        yield Ask("second", ())
        return Outcome(str(first))

    def after(key: str) -> object:
        flow = listening(None)
        flow.send(None)
        flow.send(Pressed(key))
        return Positions(None).of(flow)

    assert after("1") == after("1")
    assert after("1") != after("2")


@pytest.mark.parametrize("flow", ["safe_landing", "unknown_number"])
def test_a_second_takeover_on_the_way_to_the_fallback_lands_the_call(flow: str) -> None:
    subject = small(flow)
    report = explore(replace(subject, world=NobodyAsks(takeovers=2, flags=subject.world.flags)))
    assert told(report) == ""
    assert "safe landing" in report.outcomes
    assert "safe landing" not in explore(subject).outcomes


def test_every_flow_is_among_the_samples() -> None:
    assert {subject.flow for subject in sample_subjects()} == {flow.name for flow in CURRENT}
