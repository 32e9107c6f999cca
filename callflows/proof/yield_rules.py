"""What makes a flow safe to replay and to explore, checked on its source.

A flow module is one with functions that give a ``Flow`` or a ``Dialogue``. In it:

- ``yield`` stands alone, on the right of an assignment to a name, or in a return; never in ``finally`` or ``with``;
- loops run ``for name in items``, over a name bound to a range, a tuple, or something the flow was told;
- nothing is a set, nothing is changed in place, nothing mutable is kept in a local of a function that yields;
- nothing is imported but this package and what is as pure, nothing global is rebound, and no builtin is
  called that asks the world;
- interruptions are caught by name, and the key of a request is a constant or an f-string.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from callflows import vocabulary
from callflows.vocabulary import Request

PURE = ("__future__", "callflows", "collections.abc", "dataclasses", "enum", "functools", "routing", "typing")
ASKS_THE_WORLD = frozenset(
    ["breakpoint", "compile", "eval", "exec", "globals", "hash", "id", "input", "locals", "open", "print", "vars"]
)
MAKES_MUTABLE = frozenset(["bytearray", "dict", "filter", "iter", "list", "map", "reversed", "set", "zip"])
CHANGES = frozenset(
    (
        "add",
        "append",
        "clear",
        "discard",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "setdefault",
        "sort",
        "update",
    )
)
REQUESTS = frozenset(
    name for name, kind in vars(vocabulary).items() if isinstance(kind, type) and issubclass(kind, Request)
)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a line breaks, and the mend."""

    line: int
    rule: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.rule}"


def is_flow_module(source: str) -> bool:
    """Whether ``source`` defines conversations, or parts of them."""
    return any(_gives_conversation(node) for node in ast.walk(ast.parse(source)))


def check(source: str) -> tuple[Breach, ...]:
    """Every breach of the rules in the text of a flow module, by line."""
    tree = ast.parse(source)
    found = [Breach(getattr(node, "lineno", 0), rule) for rule_of in RULES for node, rule in rule_of(tree)]
    return tuple(sorted(found, key=lambda breach: (breach.line, breach.rule)))


Finding = tuple[ast.AST, str]


def yields(tree: ast.Module) -> Iterator[Finding]:
    """Where a yield may stand."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Yield | ast.YieldFrom):
            continue
        parent = parents[node]
        alone = isinstance(parent, ast.Expr | ast.Return) or (isinstance(parent, ast.Assign) and _names_only(parent))
        if not alone:
            yield node, "yield stands alone, on the right of an assignment to a name, or in a return"
        if any(_closing(holder, child) for holder, child in _up(node, parents)):
            yield node, "no yield in finally or with: the flow may be left there for ever"


def loops(tree: ast.Module) -> Iterator[Finding]:
    """What may be looped over, so that the loop variable tells where the loop is."""
    constants = _bound(tree.body)
    for function in _functions(tree):
        told = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
        bound = constants | _bound(ast.walk(function)) | told
        for node in ast.walk(function):
            if isinstance(node, ast.While | ast.AsyncFor):
                yield node, "no while: loop over a named range, so that every conversation ends"
            if isinstance(node, ast.For):
                yield from _for(node, bound | _imported(tree))


def _for(node: ast.For, bound: set[str]) -> Iterator[Finding]:
    if not isinstance(node.iter, ast.Name) or node.iter.id not in bound:
        yield node, "loop over a name that is bound to a range, a tuple, or something the flow was told"
    if not isinstance(node.target, ast.Name):
        yield node, "loop with one name, which stands for the place in the loop"
    elif any(_binds(inside, node.target.id) for part in node.body for inside in ast.walk(part)):
        yield node, "the loop variable is bound again inside the loop"
    elif any(_binds(inside, ast.unparse(node.iter)) for part in node.body for inside in ast.walk(part)):
        yield node, "what is looped over is bound again inside the loop"


def sets(tree: ast.Module) -> Iterator[Finding]:
    """Sets have no order that is the same in every process."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.SetComp) or _calls(node) in ("set", "frozenset"):
            yield node, "no sets: their order differs between processes; use a tuple"


def locals_(tree: ast.Module) -> Iterator[Finding]:
    """What a function that yields may keep, and that nothing is changed in place."""
    for function in _functions(tree):
        for node in ast.walk(function):
            if _yields(function) and _keeps_mutable(node):
                yield node, "keep frozen values in locals: a tuple instead of a list, a dict or an iterator"
            if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
                yield node, "change nothing in place: make a new value"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
                yield node, "change nothing in place: make a new value"


def world(tree: ast.Module) -> Iterator[Finding]:
    """A flow knows its arguments and its answers, and nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and not all(map(_is_pure, _modules(node))):
            yield node, f"a flow imports nothing but {', '.join(PURE[1:])}"
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield node, "rebind nothing outside the function: the next replay would see it"
        if _calls(node) in ASKS_THE_WORLD:
            yield node, f"no {_calls(node)}(): ask for a Fact instead"


def interruptions(tree: ast.Module) -> Iterator[Finding]:
    """A hang-up must not be swallowed by accident."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _too_wide(node.type)):
            yield node, "catch interruptions and wishes by their names"
        if isinstance(node, ast.ExceptHandler) and _raises_later(node):
            yield node, "raise the exception by its name after a yield: what is raised again without one cannot be seen"


def _raises_later(handler: ast.ExceptHandler) -> bool:
    """Whether a handler yields and raises again what it caught, which no local holds: interruptions hold nothing."""
    inside = [node for part in handler.body for node in ast.walk(part)]
    again = any(isinstance(node, ast.Raise) and node.exc is None for node in inside)
    empty = isinstance(handler.type, ast.Name) and handler.type.id in ("HungUp", "TakenOver")
    return again and not empty and any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside)


def keys(tree: ast.Module) -> Iterator[Finding]:
    """A key that can be read can be kept stable."""
    for node in ast.walk(tree):
        if _calls(node) in REQUESTS and isinstance(node, ast.Call):
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "key")]
            if not given or not isinstance(given[0], ast.JoinedStr | ast.Constant):
                yield node, "the key of a request is a text or an f-string"


RULES: tuple[Callable[[ast.Module], Iterator[Finding]], ...] = (
    *(yields, loops, sets, locals_),
    *(world, interruptions, keys),
)


def _gives_conversation(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.FunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id in ("Flow", "Dialogue")
    )


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    # An exception may fill itself; it is a value from then on.
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [function for function in found if function.name != "__init__"]


def _keeps_mutable(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        return False
    return isinstance(node.value, MUTABLE) or _calls(node.value) in MAKES_MUTABLE


def _yields(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))


def _names_only(node: ast.Assign) -> bool:
    targets = [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return all(isinstance(target, ast.Name) for target in targets)


def _up(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[ast.AST, ast.AST]]:
    while node in parents:
        yield parents[node], node
        node = parents[node]


def _closing(holder: ast.AST, child: ast.AST) -> bool:
    return isinstance(holder, ast.With) or (isinstance(holder, ast.Try) and child in holder.finalbody)


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    """Names bound to a range, a tuple, or an attribute: what a flow is told is frozen all the way down."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _has_order(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _has_order(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Tuple | ast.Attribute) or _calls(value) == "range"


def _imported(tree: ast.Module) -> set[str]:
    names = [
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    return {name for name in names if name.isupper()}


def _binds(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)


def _calls(node: ast.AST | None) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."]


def _is_pure(module: str) -> bool:
    return any(module == pure or module.startswith(f"{pure}.") for pure in PURE)


def _too_wide(kind: ast.expr) -> bool:
    names = [node.id for node in ast.walk(kind) if isinstance(node, ast.Name)]
    return any(name in ("BaseException", "Exception", "GeneratorExit", "Interruption") for name in names)
