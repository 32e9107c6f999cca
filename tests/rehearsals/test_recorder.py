"""A call made by hand becomes a rehearsal that passes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from ivr.cli import main
from phonesim import Trace
from phonesim.control import Control
from phonesim.page.desk import Desk
from rehearsals.cast import CALLER, Cast
from rehearsals.language import read_script
from rehearsals.provisioning import PIN
from rehearsals.recorder.converting import Line, convert
from rehearsals.recorder.following import follow
from rehearsals.recorder.replaying import numbers_of, record
from rehearsals.recorder.writing import Recorded, text
from rehearsals.report import failure
from rehearsals.running import EXAMPLE, play
from rehearsals.world import World
from tests.conftest import thorough
from tests.rehearsals.conftest import FOLDER, TO_ANA, Write

AT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
PHONE, OURS, DOCTOR = "+13125550199", "+13125550100", "+13125550181"
CAST = Cast({CALLER: PHONE, "dr-lee": DOCTOR}, frozenset(), frozenset({"dr-lee"}))
BY_HAND = ("05", "08", "11", "20", *map(thorough, ("06", "12", "18", "27")))


def _trace(path: Path) -> Sequence[Trace]:
    script = read_script(path)
    with World(EXAMPLE, script.at) as world:
        assert play(script, world).passed
        return list(world.net.trace)


@pytest.mark.parametrize("number", BY_HAND)
def test_what_happened_on_the_phones_becomes_a_rehearsal_that_passes(number: str, tmp_path: Path) -> None:
    path = next(FOLDER.glob(f"{number}-*.yaml"))
    patients = str(FOLDER / "people" / "maple.csv") if read_script(path).patients else ""
    result = record(_trace(path), tmp_path / "by-hand.yaml", patients=patients)
    assert result.passed, failure(result)
    assert result.script.outcome == read_script(path).outcome
    assert PIN not in (tmp_path / "by-hand.yaml").read_text("utf-8")


def _event(seconds: float, what: str, who: str = PHONE, /, **detail: Any) -> Trace:
    return Trace(AT + timedelta(seconds=seconds), what, who, {"call_sid": "CA1", **detail})


def _steps(*trace: Trace) -> list[tuple[str, str | list[str]]]:
    dialled = _event(0, "dial", to=OURS)
    return [(line.phrase, line.value) for line in convert([dialled, *trace], CAST, frozenset({OURS}))]


def test_what_was_heard_last_stands_before_what_was_done_about_it() -> None:
    heard = _event(1, "hear", kind="say", text="For a nurse, press 1. For a person, press 0.")
    assert _steps(heard, _event(5, "press", key="0")) == [
        ("caller hears", "For a person, press 0"),
        ("caller presses", "0"),
    ]


def test_words_that_were_not_spoken_yet_are_not_written_down() -> None:
    heard = _event(1, "hear", kind="say", text="For a nurse, press 1. For a person, press 0.")
    assert _steps(heard, _event(3, "press", key="1"))[0] == ("caller hears", "For a nurse, press 1")


def test_keys_typed_slowly_are_one_number_and_long_waits_are_told() -> None:
    heard = _event(1, "hear", kind="say", text="Now enter the five digits.")
    keys = [_event(20 + 2 * place, "press", key=key) for place, key in enumerate("60601")]
    assert _steps(heard, *keys) == [
        ("caller hears", "Now enter the five digits"),
        ("caller waits", "17s"),
        ("caller presses", "60601"),
    ]


@pytest.mark.parametrize(("answer", "written"), [("Emergent call", "PIN"), ("That PIN is not right.", "wrong PIN")])
def test_a_pin_is_never_written_down(answer: str, written: str) -> None:
    asked = _event(1, "hear", DOCTOR, kind="say", text="Enter your PIN, then press pound.", call_sid="CA2")
    keys = [_event(5 + place / 10, "press", DOCTOR, key=key, call_sid="CA2") for place, key in enumerate("123456#")]
    told = _event(6, "hear", DOCTOR, kind="say", text=answer, call_sid="CA2")
    assert _steps(asked, *keys, told)[-1] == ("dr-lee enters", written)


def test_putting_the_phone_down_losing_the_line_and_being_hung_up_are_three_things() -> None:
    assert _steps(_event(9, "put-down"), _event(9, "hang-up", status="completed"))[-1] == ("caller hangs up", "")
    assert _steps(_event(9, "lost"), _event(9, "hang-up", status="completed"))[-1] == ("caller's line breaks", "")
    assert _steps(_event(9, "hang-up", status="completed"))[-1] == ("caller's call ends", "")


def test_the_file_says_which_of_two_hours_it_was_and_warns(tmp_path: Path) -> None:
    lines = [Line("caller says", "yes: now"), Line("page goes to", "dr-lee", timedelta(seconds=80))]
    written = text(Recorded(AT, "America/Chicago", OURS, PHONE, lines))
    (tmp_path / "call.yaml").write_text(written, "utf-8")
    script = read_script(tmp_path / "call.yaml")
    assert script.at == AT
    assert [step.value for step in script.steps] == ["yes: now", "dr-lee"]
    assert written.startswith("# Recorded from a call made by hand. It holds what was said and keyed")


class Still:
    """Time that flows only when the world is advanced."""

    rate = 0.0

    def set_rate(self, rate: float) -> None:
        raise AssertionError("a recording leaves the clock alone")

    def jump(self, seconds: float) -> None:
        raise AssertionError("a recording leaves the clock alone")


class Phones:
    """The control API of a world, asked without a socket."""

    def __init__(self, world: World) -> None:
        self._client = Client(Control(world.net, Still(), Desk(world.net)))

    def state(self) -> dict[str, Any]:
        return self._json("/sim/state")

    def trace(self, after: int = 0) -> dict[str, Any]:
        return self._json(f"/sim/trace?after={after}")

    def _json(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._client.get(path).get_data(as_text=True))
        return found


def test_a_call_is_followed_from_the_dial_until_everybody_has_hung_up(write: Write) -> None:
    with World(EXAMPLE, AT) as world:
        phone, seconds = world.net.phone(PHONE), iter(range(1, 60))

        def pause() -> None:
            second = next(seconds)
            if second == 3:
                phone.dial(OURS)
            if second == 20:
                phone.line.hang_up()  # type: ignore[union-attr]
            world.advance_to(world.now + timedelta(seconds=1))

        kinds = [entry.kind for entry in follow(Phones(world), numbers_of(None), pause)]
    assert kinds[0] == "dial"
    assert kinds[-1] in ("hang-up", "webhook")
    assert kinds.count("hang-up") == 1


def test_a_file_is_never_overwritten_unasked(write: Write) -> None:
    path = write(*TO_ANA)
    result = CliRunner().invoke(main, ["rehearse", "--record", str(path)])
    assert result.exit_code == 1
    assert f"{path} exists; choose another name, or add --force to replace it" in result.output


def test_without_phones_it_says_how_to_have_some(tmp_path: Path) -> None:
    nowhere = ["--network", "http://127.0.0.1:9"]
    result = CliRunner().invoke(main, ["rehearse", "--record", str(tmp_path / "call.yaml"), *nowhere])
    assert result.exit_code == 1
    assert "no phones at http://127.0.0.1:9; start `make demo`, or name them by --network" in result.output


def test_without_files_it_says_what_to_name() -> None:
    result = CliRunner().invoke(main, ["rehearse"])
    assert result.exit_code == 2
    assert "name rehearsals, or folders of them" in result.output
