"""The desk without a browser: what is put on the board, what a stream tells, what is refused."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonesim.errors import PhonesimError
from phonesim.page.board import Board
from phonesim.page.desk import Desk
from phonesim.page.files import is_ours
from phonesim.page.stream import events
from phonesim.page.world import notes_of, phones_of, world_of
from tests.simulator.stage import OURS, Stage

CALLER, ANA, BEN, DOCTOR = "+13125550199", "client:ana", "client:ben", "+13125550181"
PEOPLE = [
    {"address": ANA, "name": "Ana", "role": "agent"},
    {"address": BEN, "name": "Ben", "role": "agent"},
]


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage.net)


def shown(desk: Desk, kind: str) -> list[Any]:
    desk.refresh()
    return [json.loads(change.data) for change in desk.board.newer(0) if change.kind == kind]


def entries(desk: Desk, address: str) -> list[dict[str, Any]]:
    return sorted((one for one in shown(desk, "entry") if one["address"] == address), key=lambda one: one["n"])


def phone(desk: Desk, address: str) -> dict[str, Any]:
    return next(one for one in shown(desk, "phone") if one["address"] == address)


# The board


def test_a_value_that_is_shown_already_is_no_news() -> None:
    board = Board()
    board.put("clock", 1)
    board.put("clock", 1)
    assert [change.number for change in board.newer(0)] == [1]


def test_a_reader_gets_the_newest_value_of_what_changed_since_its_place() -> None:
    board = Board()
    for value in (1, 2):
        board.put("phone", value, "ana")
        board.put("phone", value, "ben")
    board.put("phone", 3, "ana")
    assert [(change.number, change.data) for change in board.newer(3)] == [(4, "2"), (5, "3")]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3))), st.integers(0, 20))
def test_whoever_reads_in_two_goes_ends_with_what_whoever_reads_once_has(
    puts: list[tuple[str, int]], pause: int
) -> None:
    board, late = Board(), {}
    for key, value in puts[:pause]:
        board.put("kind", [key, value], key)
    seen = 0
    for change in board.newer(0):
        seen = change.number
        late.update([json.loads(change.data)])
    for key, value in puts[pause:]:
        board.put("kind", [key, value], key)
    late.update(json.loads(change.data) for change in board.newer(seen))
    assert late == dict(puts)


@pytest.mark.parametrize("mark", ["", "other-7", "7", "x", "-", "-7"])
def test_a_mark_of_another_run_is_the_beginning(mark: str) -> None:
    assert Board().place(mark) == 0


# The stream


def parts(board: Board, mark: str, count: int) -> list[list[str]]:
    return [part.decode().strip().split("\n") for part in islice(events(board, mark), count)]


def test_a_new_reader_is_told_to_begin_afresh_and_gets_everything_shown() -> None:
    board = Board()
    board.put("clock", {"rate": 1})
    assert parts(board, "", 3) == [
        ["retry: 1000"],
        ["event: start", 'data: {"fresh": true}'],
        ["event: clock", f"id: {board.run}-1", 'data: {"rate":1}'],
    ]


def test_a_reader_that_comes_back_gets_only_what_it_missed() -> None:
    board = Board()
    for rate in (1, 10, 2):
        board.put("clock", {"rate": rate})
        board.put("note", rate, rate)
    told = parts(board, board.marked(3), 6)
    assert told[1] == ["event: start", 'data: {"fresh": false}']
    assert [part[1] for part in told[2:5]] == [f"id: {board.run}-{n}" for n in (4, 5, 6)]
    assert told[5] == ["event: caught-up", "data: {}"]


def test_after_a_restart_of_the_network_a_reader_begins_afresh() -> None:
    assert parts(Board(), Board().marked(3), 2)[1] == ["event: start", 'data: {"fresh": true}']


def test_a_stream_ends_when_the_board_is_closed() -> None:
    board = Board()
    board.close()
    assert len(list(events(board, ""))) == 3


# The phones


def test_three_phones_are_on_the_desk_of_any_application(desk: Desk) -> None:
    assert [one["role"] for one in shown(desk, "desk")[0]] == ["patient", "agent", "clinician"]


def test_a_phone_shows_the_call_it_is_in(stage: Stage, desk: Desk) -> None:
    desk.arrange(phones_of({"phones": [{"address": CALLER}]}))
    stage.office.pages = {"/voice": "<Say>hello</Say><Pause length='60'/>"}
    stage.net.phone(CALLER).dial(OURS)
    assert phone(desk, CALLER)["line"]["sound"] == "ring"
    stage.net.advance(5)
    line = phone(desk, CALLER)["line"]
    assert (line["state"], line["to"], line["sound"], line["ended"]) == ("in-progress", OURS, "", False)
    stage.net.phone(CALLER).line.hang_up()  # type: ignore[union-attr]
    assert phone(desk, CALLER)["line"]["ended"] is True


def test_what_was_cut_short_says_how_much_was_heard(stage: Stage, desk: Desk) -> None:
    words = "press one for a nurse, or stay on the line"
    stage.office.pages = {
        "/voice": f'<Gather numDigits="1" action="/next"><Say>{words}</Say></Gather>',
        "/next": "<Hangup/>",
    }
    line = stage.net.phone(CALLER).dial(OURS)
    stage.net.advance(1)
    playing = next(one for one in entries(desk, CALLER) if one["kind"] == "hear")
    line.press("1")
    stage.net.advance(1)
    over = next(one for one in entries(desk, CALLER) if one["n"] == playing["n"])
    assert (playing["cut"], playing["spoken"], playing["language"]) == (False, words, "en-US")
    assert over["cut"]
    assert over["spoken"] == words[:15]


def test_a_transcript_has_what_was_done_on_the_phone_in_order(stage: Stage, desk: Desk) -> None:
    stage.office.pages = {"/voice": f"<Dial>{DOCTOR}</Dial>"}
    caller, doctor = stage.net.phone(CALLER), stage.net.phone(DOCTOR)
    line = caller.dial(OURS)
    stage.net.advance(2)
    doctor.answer()
    stage.net.run_due()
    line.say("good evening")
    stage.net.advance(5)
    line.hang_up()
    stage.net.run_due()
    assert [one["kind"] for one in entries(desk, DOCTOR)] == ["ring", "answer", "hear", "hang-up"]
    heard = entries(desk, DOCTOR)[2]
    assert (heard["text"], heard["by"]) == ("good evening", CALLER)
    assert [one["kind"] for one in entries(desk, CALLER)] == ["dial", "answer", "speak", "hang-up"]


def test_a_call_that_the_platform_places_is_no_deed_of_the_phone_whose_number_it_shows(
    stage: Stage, desk: Desk
) -> None:
    stage.office.pages = {"/voice": f'<Dial callerId="{OURS}">{DOCTOR}</Dial>'}
    stage.net.phone(CALLER).dial(OURS)
    stage.net.advance(2)
    assert entries(desk, OURS) == []


def test_a_phone_that_rings_takes_the_place_of_an_idle_one_of_its_role(stage: Stage, desk: Desk) -> None:
    desk.tell_world(world_of({"people": PEOPLE}))
    desk.arrange(phones_of({"phones": [{"address": CALLER, "role": "patient"}, {"address": ANA}]}))
    stage.office.pages = {"/voice": "<Dial><Client>ben</Client></Dial>"}
    stage.net.phone(CALLER).dial(OURS)
    stage.net.advance(2)
    assert [one["name"] for one in shown(desk, "desk")[0]] == [CALLER, "Ben"]


def test_a_phone_in_use_keeps_its_place_when_another_rings(stage: Stage, desk: Desk) -> None:
    desk.tell_world(world_of({"people": PEOPLE}))
    desk.arrange(phones_of({"phones": [{"address": ANA}]}))
    stage.office.pages = {"/voice": "<Dial><Client>ben</Client></Dial>"}
    stage.net.phone(ANA).dial(OURS)
    stage.net.advance(2)
    assert [one["name"] for one in shown(desk, "desk")[0]] == ["Ana", "Ben"]


def test_a_phone_that_answers_by_itself_stays_off_the_desk(stage: Stage, desk: Desk) -> None:
    desk.arrange(phones_of({"phones": []}))
    stage.net.phone(BEN).behaviour = "answer"
    stage.office.pages = {"/voice": "<Dial><Client>ben</Client></Dial>"}
    stage.net.phone(CALLER).dial(OURS)
    stage.net.advance(2)
    assert shown(desk, "desk") == [[]]


def test_the_desk_has_an_end(desk: Desk) -> None:
    desk.arrange(phones_of({"phones": [{"address": f"client:a{n}"} for n in range(12)]}))
    with pytest.raises(PhonesimError, match="room for 12 phones"):
        desk.add({"address": "client:a12", "name": "", "role": ""})


def test_who_waits_in_a_queue_and_what_went_wrong_is_shown(stage: Stage, desk: Desk) -> None:
    stage.office.pages = {"/voice": "<Say></Say><Enqueue>support</Enqueue>"}
    line = stage.net.phone(CALLER).dial(OURS)
    stage.net.advance(2)
    assert [(one["address"], one["call_sid"]) for one in shown(desk, "queues")[0]] == [(CALLER, line.call_sid)]
    assert [one["code"] for one in shown(desk, "alert")] == [alert.code for alert in stage.net.alerts] != []


# What is told


@pytest.mark.parametrize(
    ("world", "words"),
    [
        ({"sites": [{"name": "Chicago"}]}, "a site needs 'zone'"),
        ({"sites": [{"name": "Chicago", "zone": "Chicago"}]}, "'Chicago' is not a time zone"),
        ({"sites": [{"name": "A", "zone": "UTC", "staffed": [["2026-11-01T07:00:00"]]}]}, "needs a time zone"),
        ({"sites": [{"name": "A", "zone": "UTC", "staffed": [["2026-11-01T07:00Z"]]}]}, "its first and its last"),
        ({"people": [{"address": "ana", "name": "Ana"}]}, "'ana' is not an address"),
        ({"people": {}}, "'people' of the world: write a list"),
        ({"people": ["ana"]}, "a person is an object with address, name"),
        ({"waiting": [{"call_sid": 1, "since": "2026-11-01T07:00Z"}]}, "'call_sid' of a waiting caller: write a text"),
        ({"moon": []}, "unknown field 'moon' of the world; known: sites, people, waiting"),
    ],
)
def test_a_world_that_makes_no_sense_is_refused_with_the_place_and_the_mend(world: dict[str, Any], words: str) -> None:
    with pytest.raises(PhonesimError, match=words):
        world_of(world)


def test_a_note_needs_an_instant_and_a_text() -> None:
    assert notes_of({"notes": [{"at": "2026-11-01T07:00:00Z", "text": "x"}]})[0]["about"] == ""
    with pytest.raises(PhonesimError, match="a note needs 'text'"):
        notes_of({"notes": [{"at": "2026-11-01T07:00:00Z"}]})


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8100", True), ("localhost:8100", True), ("[::1]:8100", True), ("192.168.1.5", True),
        ("desk:80", True), ("evil.example:8100", False), ("localhost.evil.example", False), ("", False),
        ("127.0.0.1.evil.example", False),
    ],
)  # fmt: skip
def test_only_a_name_of_ours_is_answered(host: str, ours: bool) -> None:
    assert is_ours(host, ["desk"]) is ours
