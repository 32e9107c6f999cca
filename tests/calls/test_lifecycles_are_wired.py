from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import ivr.features
from callflows import vocabulary
from callflows.lifecycles.table import Lifecycle
from callflows.lifecycles.tables import ALL
from callflows.vocabulary import Effect
from ivr.features import installed_features
from ivr.webhooks.twiml.render import Renderer

SHELL = Path(ivr.features.__file__).parent
ROLES = {"caller", "patient", "agent", "clinician", "interpreter", "house", "drill"}


@cache
def kinds(function: str) -> dict[str, str]:
    """Every kind that the shell names in a call of ``function``, and a place where it does."""
    found = {}
    for path in SHELL.rglob("*.py"):
        if path == SHELL / "jobs" / "timers.py":
            continue  # hands on the kinds that others name
        tree = ast.parse(path.read_text("utf-8"))
        named = {node.targets[0].id: node.value for node in tree.body if _is_constant(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(function) and len(node.args) > 1:
                kind = named.get(ast.unparse(node.args[1]), node.args[1])
                assert isinstance(kind, ast.Constant), f"{path.name}:{node.lineno} hides the kind"
                found[str(kind.value)] = f"{path.name}:{node.lineno}"
    return found


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


def imported_by_flows() -> set[str]:
    """Every word of the vocabulary that a module of flows imports."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (SHELL.parent / "callflows").rglob("*.py")]
    imports = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.name for node in imports if node.module == "callflows.vocabulary" for name in node.names}


def test_every_action_a_table_names_is_registered() -> None:
    named = {action for lifecycle in ALL for move in lifecycle.moves for action in move.actions}
    assert named - installed_features().actions.keys() == set()


def test_every_registered_action_is_named_by_a_table() -> None:
    named = {action for lifecycle in ALL for move in lifecycle.moves for action in move.actions}
    assert installed_features().actions.keys() - named == set()


def test_every_timer_that_is_set_has_a_handler() -> None:
    places = kinds("set_timer") | kinds("start_repeating")
    assert len(places) >= 8
    assert {kind: place for kind, place in places.items() if kind not in installed_features().timers} == {}


def test_every_timer_with_a_handler_is_set_somewhere() -> None:
    assert installed_features().timers.keys() - (kinds("set_timer") | kinds("start_repeating")).keys() == set()


def test_every_effect_in_the_outbox_has_a_handler() -> None:
    places = kinds("outbox.put_item")
    assert len(places) >= 9
    assert {kind: place for kind, place in places.items() if kind not in installed_features().outbox} == {}


def test_every_effect_with_a_handler_is_asked_for_somewhere() -> None:
    assert installed_features().outbox.keys() - kinds("outbox.put_item").keys() == set()


def test_every_kind_of_leg_has_a_role() -> None:
    assert set(installed_features().roles) == ROLES


def test_every_effect_a_flow_asks_for_is_carried_out() -> None:
    words = {name: kind for name, kind in vars(vocabulary).items() if isinstance(kind, type)}
    asked = {words[name] for name in imported_by_flows() & words.keys() if issubclass(words[name], Effect)} - {Effect}
    assert len(asked) >= 14
    assert asked - installed_features().effects.keys() == set()


def test_every_request_that_waits_for_somebody_can_be_spoken() -> None:
    waits = {"Ask", "AskPin", "LeaveMessage", "Wait", "WithPerson", "DialHouse"}
    documents = Renderer.__dict__["_put"].dispatcher.registry
    assert {kind.__name__ for kind in documents} >= waits


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_lifecycle_can_reach_an_end_from_every_state(table: Lifecycle) -> None:
    """One that has no end comes back to where it begins, or to rest in a state that it may leave again."""
    ending = set(table.ends or ["closed" if "closed" in table.states else table.begins])
    for _ in table.states:
        ending |= {state for move in table.moves if move.to in ending for state in move.states}
    assert ending == set(table.states)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_state_of_a_lifecycle_can_be_reached(table: Lifecycle) -> None:
    reached = {table.begins}
    for _ in table.states:
        reached |= {move.to for move in table.moves if reached.intersection(move.states)}
    assert reached == set(table.states)


def test_what_goes_back_with_a_clock_exists() -> None:
    given = installed_features()
    assert set(given.times_of_day) <= given.timers.keys()
    named = [(shift.table, name) for shift in given.shifts for name in (*shift.columns, *shift.seconds)]
    assert [(table.name, name) for table, name in named if name not in table.c] == []
