"""Log lines carry codes, counts and opaque ids, whatever a developer or a library hands over."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from ivr.core.clock import SteppedClock
from ivr.privacy.logging import configure
from ivr.privacy.redact import redact

AT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
SID = "CA" + "0af1" * 8


def kept(**values: Any) -> dict[str, Any]:
    return dict(redact(None, "info", {"event": "call_redirected", **values}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("call_sid", SID),
        ("call_id", "0b6f1c1e-6f0b-4a58-9c0f-0f6f6f6f6f6f"),
        ("effect_id", "01J9ZQ5T7V8W9X0Y1Z2A3B4C5D"),
        ("patient_id", "9f86d081884c7d65"),
        ("practice_id", "maple"),
        ("leg", "9f86d081884c7d659a2feaa0"),
        ("what", "safe_landing"),
        ("error", "TimeoutError"),
        ("outcome", "no_input"),
        ("flow", "after_hours@3"),
        ("path", "/voice/incoming"),
        ("language", "en"),
        ("attempt", 3),
        ("duration_ms", 12.5),
        ("count", 0),
        ("row_id", 4711),
        ("retried", True),
    ],
)
def test_codes_counts_and_opaque_ids_pass(name: str, value: object) -> None:
    assert kept(**{name: value}) == {"event": "call_redirected", name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("caller", "+13125550199"),
        ("call_id", "+13125550199"),
        ("patient_id", "3125550199"),
        ("patient_id", "jane"),
        ("patient_id", 19800314),
        ("+13125550199", True),
        ("Jane_at", AT),
        ("outcome", "+13125550199"),
        ("outcome", "my chest hurts"),
        ("reason", "Jane"),
        ("error", "no patient Jane"),
        ("error", "Jane"),
        ("call", "+13125550199"),
        ("reason", "born 1980-03-14"),
        ("code", "13125550199"),
        ("count", 13125550199),
        ("row_id", 3125550199),
        ("speech", "chest"),
        ("digits", 1234),
        ("born_at", date(1980, 3, 14)),
        ("born", datetime(1980, 3, 14, tzinfo=UTC)),
        ("fields", {"From": "+13125550199"}),
        ("reason", ["chest"]),
        ("reason", b"chest"),
        ("outcome", "ok\n2026 forged line"),
        ("outcome", "ok\r"),
        ("outcome", "a" * 65),
    ],
)
def test_anything_else_is_dropped_and_counted(name: str, value: object) -> None:
    assert kept(**{name: value}) == {"event": "call_redirected", "withheld": 1}


@pytest.mark.parametrize(
    "event", ["Jane called", "call from +13125550199", "said\r\nforged", "", 5, None, "dob 19800314"]
)
def test_an_event_that_is_not_a_code_is_withheld(event: object) -> None:
    assert redact(None, "info", {"event": event})["event"] == "withheld"


@given(values=st.dictionaries(st.text(max_size=20), st.text() | st.integers() | st.floats() | st.binary(), max_size=5))
def test_no_value_brings_a_line_break_or_a_long_number_into_a_line(values: dict[str, Any]) -> None:
    line = json.dumps(redact(None, "info", {**values, "event": "call_redirected"}))
    assert "\\n" not in line
    assert "\\r" not in line
    assert all(not isinstance(value, int) or abs(value) < 10**9 for value in json.loads(line).values())


def test_of_a_list_of_ids_only_ids_remain() -> None:
    assert kept(call_ids=[SID, "+13125550199", "maple", 7])["call_ids"] == [SID, "maple"]


def test_of_a_list_of_problems_only_codes_remain() -> None:
    problems = ["signature", "bad_field:CallSid", "+13125550199", "Jane Doe"]
    assert kept(problems=problems)["problems"] == ["signature", "bad_field:CallSid"]


def test_an_exception_shows_kinds_and_places_but_not_its_words() -> None:
    def read_birthday() -> None:
        int("marker-1980")

    try:
        try:
            read_birthday()
        except ValueError as wrong:
            raise LookupError("for patient marker-Jane") from wrong
    except LookupError as error:
        found = kept(exc_info=error)
    assert found["error"] == ["builtins.LookupError", "builtins.ValueError"]
    assert any("test_redact.py" in place and "read_birthday" in place for place in found["place"])
    assert "marker" not in json.dumps(found)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    written = io.StringIO()
    configure(clock=SteppedClock(AT), stream=written)
    yield written
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers, (sys.excepthook, threading.excepthook) = handlers, hooks
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_the_time_of_our_clock(stream: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(call_sid=SID, caller="+13125550199")
    structlog.get_logger().info("call_redirected", attempt=2)
    assert lines(stream) == [
        {
            "event": "call_redirected",
            "level": "info",
            "timestamp": "2026-11-01T07:30:00+00:00",
            "call_sid": SID,
            "attempt": 2,
            "withheld": 1,
        }
    ]


def test_a_logged_exception_keeps_its_words_to_itself(stream: io.StringIO) -> None:
    try:
        int("marker")
    except ValueError:
        structlog.get_logger().exception("webhook_failed")
    assert lines(stream)[0]["error"] == ["builtins.ValueError"]
    assert "marker" not in stream.getvalue()


def test_of_a_library_line_only_level_and_logger_remain(stream: io.StringIO) -> None:
    logging.getLogger("werkzeug").warning("GET /desk?name=marker %s", "marker")
    assert lines(stream) == [
        {"event": "library_line", "level": "warning", "logger": "werkzeug", "timestamp": "2026-11-01T07:30:00+00:00"}
    ]


def test_a_library_that_brought_its_own_handler_loses_it(stream: io.StringIO) -> None:
    own = io.StringIO()
    library = logging.getLogger("chatty.library")
    library.addHandler(logging.StreamHandler(own))
    library.propagate = False
    configure(clock=SteppedClock(AT), stream=stream)
    library.warning("marker")
    assert own.getvalue() == ""
    assert lines(stream)[-1]["logger"] == "chatty.library"


def test_an_uncaught_exception_leaves_no_words_either(stream: io.StringIO) -> None:
    thread = threading.Thread(target=lambda: int("marker"))
    thread.start()
    thread.join()
    assert lines(stream)[0]["event"] == "uncaught"
    assert lines(stream)[0]["error"] == ["builtins.ValueError"]
    assert "marker" not in stream.getvalue()


def test_the_readable_form_is_redacted_as_well(stream: io.StringIO) -> None:
    configure(json=False, clock=SteppedClock(AT), stream=stream)
    structlog.get_logger().info("call_redirected", call_sid=SID, speech="marker")
    assert SID in stream.getvalue()
    assert "marker" not in stream.getvalue()
