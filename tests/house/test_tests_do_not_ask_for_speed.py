"""No test asks how fast the machine is: none sleeps or measures, and what never comes is given up after minutes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
CLOCKS = frozenset({"sleep", "monotonic", "perf_counter", "process_time", "thread_time", "wait_for_timeout"})
WAITING = frozenset(
    {
        "wait", "join", "result", "get", "settimeout", "communicate", "acquire", "run", "check_output", "request",
        "post", "put", "delete", "create_connection", "HTTPConnection", "HTTPSConnection", "set_default_timeout",
    }
)  # fmt: skip
LEAST_SECONDS = 100
"""However busy a machine is, whatever does come has come by then."""
POLLS = {"tests/browser/hands.py": "wait_for_timeout"}
"""Looks that are repeated until something holds."""


def numbers() -> dict[str, float]:
    """Constants of test modules that are numbers, by name; of several the least."""
    found: dict[str, float] = {}
    for path in TESTS.rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                for target in node.targets:
                    if isinstance(target, ast.Name) and isinstance(node.value.value, int | float):
                        found[target.id] = min(found.get(target.id, node.value.value), node.value.value)
    return found


def asked_for_speed(source: str, known: dict[str, float]) -> Iterator[tuple[int, str]]:
    """Lines that sleep, measure, or give up too soon. A look that is repeated in a loop may be as short as it likes."""
    tree = ast.parse(source)
    polls = {
        statement.value
        for loop in ast.walk(tree)
        if isinstance(loop, ast.While | ast.For)
        for statement in loop.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node in polls:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in CLOCKS:
            yield node.lineno, name
        elif name in WAITING and (seconds := _limit(node, name, known)) is not None and seconds < LEAST_SECONDS:
            yield node.lineno, f"{name} for {seconds:g} s"


def _limit(call: ast.Call, name: str, known: dict[str, float]) -> float | None:
    """The seconds after which a call gives up, where it says so."""
    given = [word.value for word in call.keywords if word.arg == "timeout"]
    if name in {"wait", "join", "result", "settimeout"}:
        given += call.args[:1]
    if name == "create_connection":
        given += call.args[1:2]
    for value in given:
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
            return float(value.value)
        if isinstance(value, ast.Name) and value.id in known:
            return known[value.id]
    return None


def test_nothing_waits_by_the_clock() -> None:
    known = numbers()
    found = [
        f"{path.relative_to(TESTS.parent)}:{line}: {what}"
        for path in sorted(TESTS.rglob("*.py"))
        for line, what in asked_for_speed(path.read_text("utf-8"), known)
        if POLLS.get(str(path.relative_to(TESTS.parent))) != what
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(1)", "began = perf_counter()", "assert done.wait(5)", "thread.join(2.5)", "client.settimeout(SOON)",
        "subprocess.run(words, timeout=30)", "socket.create_connection(there, 4)", "HTTPConnection(host, timeout=SOON)",
    ],
)  # fmt: skip
def test_what_asks_for_speed_is_found(source: str) -> None:
    assert len(list(asked_for_speed(source, {"SOON": 4.0}))) == 1


@pytest.mark.parametrize(
    "source", ["done.wait()", "thread.join(120)", "gone.wait(GIVE_UP)", "while not there():\n    pause.wait(0.05)"]
)
def test_what_asks_for_none_is_left_alone(source: str) -> None:
    assert list(asked_for_speed(source, {"GIVE_UP": 120.0})) == []
