"""Calls in progress survive a release: logs recorded before answers were stored by name go on as they did then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callflows.engine.answers import STORED, read, write
from callflows.engine.replay import Entry, LogMismatch, Run, replay
from callflows.proof.subjects import released_subjects
from callflows.registry import CURRENT, version
from callflows.vocabulary import Fact, Known

RECORDED = Path(__file__).parent / "recorded" / "logs-by-position.jsonl"
"""A call a line: its flow, what that was told, its rows as text, what it waited for, and what was said since.

Recorded once, by the last release that stored positions only; a line is never changed, because calls do not change.
"""
REWORDED = {
    ("clinician.promise",): ("clinician.no_number",),
    ("goodbye",): ("farewell",),
    ("offer.ended",): ("offer.alone", "farewell"),
    ("page.held",): ("page.held_until", "page.held"),
    ("page.no_number", "page.held"): ("page.no_number", "page.unreached", "page.held"),
    ("offer.not_reached",): ("offer.not_reached", "offer.again", "farewell"),
}
"""Last words of calls that were said where they were not so, and what is said instead since."""
LATER = {"CodeChecked", "CutShort", "InVain", "SetAside"}
"""Kinds of answers that came after that release."""
LATER_FLOWS = {"listed_number", "house_call", "drill_call"}
"""Flows that did."""
ASKED_OTHERWISE = {
    *("reason/1", "office/message/record", "backline/words/1", "backline/house/number/2/0", "identity/zip/0/0"),
}
"""Questions before which another is asked since, or that are asked once only."""
ASKED_AT_THE_END = {
    "wanted_calls": Known((("first", ""),)),
    "asked_clinician": Known((("urgency", ""),)),
}
"""What is asked since when a conversation would be over, and the answers by which it is."""
RENAMED = {"talk": "talk/0", "talk/again": "talk/1", "no-interpreter": "no-interpreter/0"}
"""Keys that are others since: of those, and of a promise, see ``callflows/engine/renamed.py``."""
EVERY_CALL = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]


def lands(call: dict[str, Any]) -> bool:
    """Whether a call goes on with a person at once, because what was said was not judged when it was kept, or because
    they pressed star when asked for the language, which is for clinicians since.
    """
    spoken = any("Spoke" in text for _, text in call["log"])
    starred = call["flow"] == "inbound" and ["language", '["Pressed", "*"]'] in call["log"]
    return spoken or starred or bool(ASKED_OTHERWISE & {call["pending"], *(key for key, _ in call["log"])})


CALLS = [call for call in EVERY_CALL if not lands(call)]
LANDING = [call for call in EVERY_CALL if lands(call)]


def resumed(call: dict[str, Any], *, renewed: bool = False) -> Run:
    """The call, replayed; with ``renewed`` its rows are written by name first."""
    told = next(one.told for one in released_subjects(call["flow"]) if one.label == call["told"])
    log = [Entry(key, read(write(read(text)) if renewed else text)) for key, text in call["log"]]
    return replay(version(call["flow"], call["version"]).play(told), log, call["pending"])


@pytest.mark.parametrize("renewed", [False, True], ids=["by position", "by name"])
def test_a_recorded_call_that_cannot_go_on_is_refused_and_so_lands_with_a_person(renewed: bool) -> None:
    assert len(LANDING) < len(CALLS)
    for call in LANDING:
        with pytest.raises(LogMismatch):
            resumed(call, renewed=renewed)


def heard(run: Run) -> list[Any]:
    """What was said since the last answer from outside: prompts, or the practice's own words, with their values."""
    return [
        [say.key, *([line.prompt or line.text, line.language, *map(list, line.values)] for line in say.lines)]
        for say in run.said
    ]


def key_now(flow: str, key: str | None) -> str | None:
    renamed = RENAMED.get(key or "", key) if flow == "called_back" else key
    return renamed and renamed.replace("person/0/promise", "person/promise")


def prompts(said: list[Any]) -> tuple[str, ...]:
    return tuple(line[0] for _, *lines in said for line in lines)


@pytest.mark.parametrize("renewed", [False, True], ids=["by position", "by name"])
def test_a_recorded_call_waits_for_the_same_and_was_told_the_same(renewed: bool) -> None:
    for call in CALLS:
        run = resumed(call, renewed=renewed)
        if call["pending"] is None and isinstance(run.request, Fact):
            run.answer(ASKED_AT_THE_END[run.request.name])
        assert (run.request.key if run.request else None) == key_now(call["flow"], call["pending"])
        assert (run.outcome.how if run.outcome else None) == call["outcome"]
        now, then = heard(run), [[key_now(call["flow"], key), *lines] for key, *lines in call["said"]]
        assert [key for key, *_ in now] == [key for key, *_ in then]
        assert now == then or prompts(now) == REWORDED[prompts(then)]


def test_every_flow_and_every_kind_of_answer_was_recorded() -> None:
    flows = {(flow.name, 1) for flow in CURRENT if flow.name not in LATER_FLOWS}
    assert {(call["flow"], call["version"]) for call in EVERY_CALL} >= flows
    assert {json.loads(text)[0] for call in EVERY_CALL for _, text in call["log"]} == set(STORED) - LATER


@pytest.mark.parametrize("flow", ["agent_offer", "clinician_page"])
def test_waiting_points_of_an_earlier_freeze_are_met(flow: str) -> None:
    held = json.loads((RECORDED.parent / f"{flow}-by-position.json").read_text(encoding="utf-8"))
    told = {one.label: one.told for one in released_subjects(flow)}
    for at, label, pending in held["waiting"]:
        assert replay(version(flow, 1).play(told[label]), log_of(held["answered"], at), pending).request


def log_of(rows: list[Any], at: int) -> list[Entry]:
    """The log that ends with row ``at``; each row names the one before it."""
    if at < 0:
        return []
    before, _, key, text = rows[at]
    return [*log_of(rows, before), Entry(key, read(text))]
