"""People text the account's numbers: over the control API, by its client, and from a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from phonesim import PhonesimError
from phonesim.__main__ import main
from tests.simulator.stage import OURS
from tests.simulator.town import STILL, Town

CALLER = "+13125550199"


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(STILL)
    town.office.pages = {"/texted": "<Message>we will call you</Message>"}
    town.sim.add_number(OURS, sms_url=f"{town.base}/texted", sms_method="GET")
    yield town
    town.close()


def answered(town: Town) -> list[str]:
    town.sim.advance(5)
    return [text["body"] for text in town.sim.state()["phones"][CALLER]["messages"]]


def asked(town: Town) -> list[tuple[str, str]]:
    return [(seen.method, seen["Body"]) for seen in town.office.seen]


def test_the_control_api_lets_somebody_text(town: Town) -> None:
    town.sim.text(CALLER, "(312) 555-0100", "call me")
    assert answered(town) == ["we will call you"]
    assert asked(town) == [("GET", "call me")]


def test_a_terminal_lets_somebody_text(town: Town) -> None:
    def command(*words: str) -> str:
        return CliRunner().invoke(main, [*words, "--at", town.server.url]).output

    told = command("phone", CALLER, "text", OURS, "call", "me")
    assert told == f"{CALLER} texts {OURS} call me\n"
    assert answered(town) == ["we will call you"]
    assert f'{CALLER} texts {OURS} "call me"' in command("watch", "--once")
    assert command("phone", CALLER, "text", "(312) 555-0100", "and soon") == f"{CALLER} texts (312) 555-0100 and soon\n"
    assert "write the text after the number" in command("phone", CALLER, "text", OURS)


@pytest.mark.parametrize("address", ["client:ana", "sip:ana@line.example"])
def test_only_telephones_text(town: Town, address: str) -> None:
    with pytest.raises(PhonesimError, match="only telephones text"):
        town.sim.text(address, OURS, "hello")


def test_a_line_may_be_lost_instead_of_hung_up(town: Town) -> None:
    town.office.pages["/voice"] = "<Say>hello</Say><Pause length='60'/>"
    town.sim.add_number(OURS, voice_url=f"{town.base}/voice", status_callback=f"{town.base}/status")
    town.sim.dial(CALLER, OURS)
    town.sim.advance(5)
    town.sim.lose(CALLER)
    town.sim.advance(1)
    assert [entry["kind"] for entry in town.sim.trace()["trace"] if entry["kind"] in {"lost", "put-down"}] == ["lost"]
    assert town.office.seen[-1]["CallStatus"] == "completed"


def test_a_text_to_somebody_else_is_refused_with_words(town: Town) -> None:
    with pytest.raises(PhonesimError, match="text a number of the account"):
        town.sim.text(CALLER, "+13125550181", "hello")
    with pytest.raises(PhonesimError, match="a text needs 'body'"):
        town.sim._phone(CALLER, "text", {"to": OURS})
