"""Only the executor of the lifecycles writes the state of a row that has one; whoever makes a row lets it begin."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String, Table

import ivr.features
from callflows.lifecycles.table import BrokenTable, Lifecycle, Move
from callflows.lifecycles.tables import ALL
from ivr.core.state_machines import fire_many
from ivr.features import installed_features

SHELL = Path(ivr.features.__file__).parent
EXECUTOR = SHELL / "core" / "state_machines.py"
LIFECYCLES = {lifecycle.name: lifecycle for lifecycle in ALL}
STATES = {state for lifecycle in ALL for state in lifecycle.states}
WRITERS = ("insert", "update", "upsert")

HONEST = """
from ivr.jobs.tables import outbox
_MOVE = fire_many(OUTBOX, outbox, "expire")
work.connection.execute(insert(outbox).values(state=OUTBOX.begins))
work.connection.execute(upsert(work.connection, outbox).values({"kind": kind, "state": OUTBOX.begins}))
"""
FAULTS = (
    'update(outbox).where(outbox.c.id == 1).values(state="done")',
    "update(outbox).values(state=wanted)",
    "update(outbox).values({outbox.c.state: wanted})",
    'update(outbox).values({"state": wanted})',
    "update(tables.outbox).values(state=wanted)",
    'outbox.update().values(state="done")',
    'insert(outbox).values(state="done")',
    "_MINE = update(outbox)\n_MINE.where(outbox.c.id == 1).values(state=wanted)",
    'settle(item, state="done")',
    'settle(item, **{"state": "done"})',
)


def writes(source: str) -> Iterator[int]:
    """The lines that write the state of a row with a lifecycle and do not let it begin."""
    tree = ast.parse(source)
    known = dict(_tables(tree))
    assigned = {one.id: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) for one in _names(node)}
    for node in ast.walk(tree):
        for value in _states_in(node):
            if isinstance(value, ast.Attribute) and value.attr == "begins":
                continue
            if _is_wrong(node, value, _target(node, assigned), known):
                yield node.lineno


def _is_wrong(node: ast.AST, value: ast.expr, target: str | None, known: dict[str, str]) -> bool:
    if target is not None:
        return target in known or ("." in target and target.rpartition(".")[2] in LIFECYCLES)
    if isinstance(value, ast.Constant):
        return value.value in STATES
    return isinstance(node, ast.Dict) and bool(known)


def _tables(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What the module calls each table with a lifecycle that it imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and "tables" in (node.module or ""):
            yield from ((one.asname or one.name, one.name) for one in node.names if one.name in LIFECYCLES)


def _names(node: ast.Assign) -> list[ast.Name]:
    return [one for one in node.targets if isinstance(one, ast.Name)]


def _states_in(node: ast.AST) -> Iterator[ast.expr]:
    """The values that a call or a dictionary gives to a state."""
    if isinstance(node, ast.Call):
        yield from (one.value for one in node.keywords if one.arg == "state")
    elif isinstance(node, ast.Dict):
        yield from (value for key, value in zip(node.keys, node.values, strict=True) if _is_state(key))


def _is_state(key: ast.expr | None) -> bool:
    return (isinstance(key, ast.Constant) and key.value == "state") or (
        isinstance(key, ast.Attribute) and key.attr == "state"
    )


def _target(node: ast.AST, assigned: dict[str, ast.expr]) -> str | None:
    """The table that ``.values(...)`` writes; empty for a call that writes none, None where it cannot be told."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "values":
        constant_may_be = isinstance(node, ast.Dict) or all(
            isinstance(one.value, ast.Constant) for one in node.keywords if one.arg == "state"
        )
        return None if constant_may_be else ""
    return _root(node.func.value, assigned)


def _root(expression: ast.expr, assigned: dict[str, ast.expr], deep: int = 9) -> str | None:
    if isinstance(expression, ast.Call):
        if isinstance(expression.func, ast.Name) and expression.func.id in WRITERS:
            return ast.unparse(expression.args[-1])
        return _root(expression.func, assigned, deep)
    if isinstance(expression, ast.Attribute):
        return _root(expression.value, assigned, deep)
    if isinstance(expression, ast.Name) and expression.id in assigned and deep:
        return _root(assigned[expression.id], assigned, deep - 1)
    return expression.id if isinstance(expression, ast.Name) else None


def test_only_the_executor_moves_a_state() -> None:
    paths = [path for path in SHELL.rglob("*.py") if path != EXECUTOR]
    found = [f"{path.relative_to(SHELL)}:{line}" for path in paths for line in writes(path.read_text("utf-8"))]
    assert found == []


def test_whoever_makes_a_row_or_uses_the_executor_is_honest() -> None:
    assert list(writes(HONEST)) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_whoever_moves_a_state_alone_is_found(fault: str) -> None:
    assert list(writes(f"from ivr.jobs.tables import outbox\n{fault}\n")) != []


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda lifecycle: lifecycle.name)
def test_a_lifecycle_is_named_as_the_table_of_its_rows(lifecycle: Lifecycle) -> None:
    tables = {table.name: table for table in installed_features().tables}
    assert "state" in tables[lifecycle.name].c


def lamp(*moves: Move) -> tuple[Lifecycle, Table]:
    columns = Column("id", String, primary_key=True), Column("state", String), Column("ended_at", String)
    return Lifecycle("lamp", ("off", "on", "broken"), ("broken",), moves), Table("lamp", MetaData(), *columns)


@pytest.mark.parametrize(
    ("event", "moves"),
    [
        ("unknown", ()),
        ("press", (Move(("off",), "press", "on"), Move(("on",), "press", "off"))),
        ("press", (Move(("off",), "press", "on", ("warm_the_room",)),)),
        ("drop", (Move(("off", "on"), "drop", "broken"),)),
    ],
)
def test_many_rows_never_move_where_each_needs_more_than_one_statement(event: str, moves: tuple[Move, ...]) -> None:
    with pytest.raises(BrokenTable):
        fire_many(*lamp(*moves), event)
