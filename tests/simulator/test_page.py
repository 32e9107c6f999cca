"""The page and its requests over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from phonesim.page.files import STATIC
from tests.simulator.stage import OURS, START
from tests.simulator.town import GIVE_UP, STILL, Town

CALLER = "+13125550199"
NOTE = {"at": "2026-11-01T07:30:00+00:00", "text": "offered to Ana", "about": ""}


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(STILL)
    yield town
    town.close()


def ask(town: Town, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
    return requests.request(method, town.server.url + path, json=body, headers=headers, timeout=GIVE_UP)


def until(stream: Iterator[bytes], kind: str) -> Any:
    """The data of the next event of a kind."""
    for line in stream:
        if line == f"event: {kind}".encode():
            return next(json.loads(line[6:]) for line in stream if line.startswith(b"data: "))
    raise AssertionError(f"the stream ended before {kind}")


def test_the_page_is_served_and_loads_nothing_from_elsewhere(town: Town) -> None:
    for path in ("/", "/desk"):
        reply = ask(town, "GET", path)
        assert (reply.status_code, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert "unsafe" not in reply.headers["Content-Security-Policy"]
        assert "http:" not in reply.text
        assert "https:" not in reply.text


def test_every_file_of_the_page_is_served_with_its_type(town: Town) -> None:
    names = sorted(path.name for path in STATIC.iterdir())
    replies = {name: ask(town, "GET", f"/desk/{name}") for name in names}
    assert {name for name, reply in replies.items() if reply.status_code != 200} == set()
    assert {reply.headers["X-Content-Type-Options"] for reply in replies.values()} == {"nosniff"}
    types = {reply.headers["Content-Type"].split(";")[0] for reply in replies.values()}
    assert types == {"text/html", "text/css", "text/javascript", "image/svg+xml"}


@pytest.mark.parametrize("path", ["/desk/../control.py", "/desk/%2e%2e/files.py", "/desk/nothing.js"])
def test_nothing_else_is_served(town: Town, path: str) -> None:
    assert ask(town, "GET", path).status_code in (401, 404)


@pytest.mark.parametrize("path", ["/", "/desk/desk.js", "/sim/state", "/sim/stream"])
def test_a_page_that_points_its_own_name_here_is_not_answered(town: Town, path: str) -> None:
    assert ask(town, "GET", path, Host="evil.example").status_code == 421


def test_other_pages_may_neither_read_nor_write(town: Town) -> None:
    reply = ask(town, "GET", "/sim/state", Origin="https://evil.example")
    assert not [name for name in reply.headers if name.startswith("Access-Control")]
    for method, path in (("PUT", "/sim/world"), ("POST", "/sim/notes"), ("POST", "/sim/desk"), ("POST", "/sim/clock")):
        plain = requests.request(method, town.server.url + path, data="{}", timeout=GIVE_UP)
        assert (plain.status_code, "Content-Type" in plain.json()["error"]) == (400, True)


def test_the_page_changes_nothing_by_other_methods(town: Town) -> None:
    assert ask(town, "POST", "/desk", {}).status_code == 405


def test_a_stream_tells_what_happens_on_the_phones_as_it_happens(town: Town) -> None:
    town.office.pages = {"/voice": "<Say>hello</Say><Pause length='100'/>"}
    ask(town, "PUT", "/sim/desk", {"phones": [{"address": CALLER, "name": "Pat", "role": "patient"}]})
    with requests.get(f"{town.server.url}/sim/stream", stream=True, timeout=GIVE_UP) as reply:
        assert reply.headers["Content-Type"].startswith("text/event-stream")
        stream = reply.iter_lines(chunk_size=1)
        assert until(stream, "start") == {"fresh": True}
        town.sim.dial(CALLER, OURS)
        while (phone := until(stream, "phone"))["line"] is None or phone["line"]["state"] != "in-progress":
            pass
        assert phone["address"] == CALLER


def test_a_reader_who_comes_an_hour_later_is_told_how_late_it_is_now(town: Town) -> None:
    town.sim.set_rate(0.001)
    with town.net.entered():
        town.net.advance(3600)
    with requests.get(f"{town.server.url}/sim/stream", stream=True, timeout=GIVE_UP) as reply:
        told = until(reply.iter_lines(chunk_size=1), "clock")["now"]
        assert datetime.fromisoformat(told) - START >= timedelta(hours=1)


def test_a_stream_goes_on_where_its_reader_was(town: Town) -> None:
    with requests.get(f"{town.server.url}/sim/stream", stream=True, timeout=GIVE_UP) as reply:
        lines = reply.iter_lines(chunk_size=1)
        ask(town, "POST", "/sim/notes", {"notes": [NOTE]})
        mark = next(
            before[4:] for before, line in _pairs(lines) if before.startswith(b"id: ") and b"offered to Ana" in line
        ).decode()
    ask(town, "POST", "/sim/notes", {"notes": [{**NOTE, "text": "accepted"}]})
    headers = {"Last-Event-ID": mark}
    with requests.get(f"{town.server.url}/sim/stream", stream=True, timeout=GIVE_UP, headers=headers) as reply:
        lines = reply.iter_lines(chunk_size=1)
        assert until(lines, "start") == {"fresh": False}
        assert until(lines, "note") == {"n": 2, **NOTE, "text": "accepted"}


def _pairs(lines: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    before = b""
    for line in lines:
        yield before, line
        before = line


def test_phones_come_and_go(town: Town) -> None:
    assert ask(town, "POST", "/sim/desk", {"address": "client:zoe", "name": "Zoe"}).status_code == 200
    assert ask(town, "DELETE", "/sim/desk/client%3Azoe").status_code == 200
    gone = ask(town, "DELETE", "/sim/desk/client%3Azoe")
    assert (gone.status_code, gone.json()["error"]) == (400, "client:zoe is not on the desk")


def test_the_clock_goes_to_the_next_such_moment(town: Town) -> None:
    body = {"next": {"weekday": "sun", "time": "02:00", "zone": "America/Chicago"}}
    now = datetime.fromisoformat(ask(town, "POST", "/sim/clock", body).json()["now"])
    assert f"{now:%a %H:%M %d}" == "Sun 08:00 01"
    assert ask(town, "POST", "/sim/clock", {"rate": 10}).json()["rate"] == 10
    wrong = ask(town, "POST", "/sim/clock", {"next": {"weekday": "sun", "time": "26:00", "zone": "UTC"}})
    assert (wrong.status_code, wrong.json()["error"].startswith("'26:00' is not a time of day")) == (400, True)


def test_a_long_jump_asks_before_it_ends_calls(town: Town) -> None:
    town.office.pages = {"/voice": '<Pause length="600"/><Redirect/>'}
    town.sim.dial(CALLER, OURS)
    town.sim.advance(2)
    jump = {"advance_seconds": 7200}
    refused = ask(town, "POST", "/sim/clock", jump)
    assert (refused.status_code, refused.json()["error"][:15]) == (400, "1 call goes on;")
    assert ask(town, "POST", "/sim/clock", {**jump, "hang_up": True}).status_code == 200
    (line,) = town.sim.state()["phones"][CALLER]["lines"]
    assert line["state"] == "completed"


def test_a_short_jump_lets_calls_go_on(town: Town) -> None:
    town.office.pages = {"/voice": '<Pause length="600"/><Redirect/>'}
    town.sim.dial(CALLER, OURS)
    town.sim.advance(2)
    town.sim.advance(1800)
    (line,) = town.sim.state()["phones"][CALLER]["lines"]
    assert line["state"] == "in-progress"
