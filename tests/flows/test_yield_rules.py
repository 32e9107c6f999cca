"""Every flow keeps the rules that make replay and exploring safe; each rule has an example that breaks it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import callflows
from callflows.proof.yield_rules import check, is_flow_module

HEAD = """
from callflows.dialogues.questions import TRIES
from callflows.vocabulary import Ask, Flow, Outcome
"""
FOLDER = Path(callflows.__file__).parent
MODULES = [path for path in sorted(FOLDER.rglob("*.py")) if is_flow_module(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", MODULES, ids=[path.stem for path in MODULES])
def test_every_flow_module_keeps_the_rules(path: Path) -> None:
    assert check(path.read_text(encoding="utf-8")) == ()


def test_the_modules_with_conversations_are_found() -> None:
    found = {path.stem for path in MODULES}
    assert {"inbound", "symptom", "questions", "agent_offer", "safe_landing"} <= found
    assert not {"replay", "registry", "explore", "prompts"} & found


def test_flows_say_the_name_of_a_practice_and_never_judge_by_it() -> None:
    """Practices that differ by nothing else are walked once."""
    nodes = [node for path in MODULES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    said = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "practice"]
    named = [node for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node).endswith("practice.name")]
    assert named
    assert set(map(id, named)) <= set(map(id, said))


def flow(*body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body)
    return f"{HEAD}\n{before}\ndef flow(call) -> Flow:\n{lines}\n    return Outcome('done')\n"


GOOD = [
    flow("answer = yield Ask('key', ())"),
    flow("yield Ask('key', ())"),
    flow("for turn in TRIES:", "    yield Ask(f'key/{turn}', ())"),
    flow("for turn in TURNS:", "    yield Ask(f'key/{turn}', ())", before="TURNS = range(3)"),
    flow("questions = call.practice.questions", "for one in questions:", "    yield Ask(f'key/{one}', ())"),
    flow("return (yield from other(call))"),
    flow("first, second = yield from other(call)"),
    flow("names = tuple(word for word in call.words)", "yield Ask('key', names)"),
    flow("try:", "    yield Ask('key', ())", "except HungUp:", "    pass"),
]


@pytest.mark.parametrize("source", GOOD)
def test_ordinary_flows_are_allowed(source: str) -> None:
    assert check(source) == ()


BAD = [
    (flow("x = f((yield Ask('key', ())))"), "yield stands alone"),
    (flow("if (yield Ask('key', ())):", "    pass"), "yield stands alone"),
    (flow("x = (yield Ask('one', ())) or (yield Ask('two', ()))"), "yield stands alone"),
    (flow("call.answer = yield Ask('key', ())"), "yield stands alone"),
    (flow("try:", "    pass", "finally:", "    yield Ask('key', ())"), "no yield in finally"),
    (flow("with call:", "    yield Ask('key', ())"), "no yield in finally or with"),
    (flow("while True:", "    yield Ask('key', ())"), "no while"),
    (flow("for turn in range(3):", "    yield Ask('key', ())"), "loop over a name"),
    (flow("for turn in call.tries:", "    yield Ask('key', ())"), "loop over a name"),
    (flow("tries = sorted(call.words)", "for turn in tries:", "    yield Ask('key', ())"), "loop over a name"),
    (flow("for one, two in TRIES:", "    yield Ask('key', ())"), "loop with one name"),
    (flow("for turn in TRIES:", "    turn = 1", "    yield Ask('key', ())"), "the loop variable is bound again"),
    (flow("for turn in TRIES:", "    TRIES = ()", "    yield Ask('key', ())"), "what is looped over is bound again"),
    (
        flow("try:", "    yield Ask('key', ())", "except SymptomHeard:", "    yield Say('said', ())", "    raise"),
        "raise the exception by its name",
    ),
    (flow("if call.word in {'a', 'b'}:", "    yield Ask('key', ())"), "no sets"),
    (flow("words = frozenset(call.words)", "yield Ask('key', words)"), "no sets"),
    (flow("kept = []", "yield Ask('key', ())"), "keep frozen values"),
    (flow("kept = {'a': 1}", "yield Ask('key', ())"), "keep frozen values"),
    (flow("kept = [word for word in call.words]", "yield Ask('key', ())"), "keep frozen values"),
    (flow("kept = (word for word in call.words)", "yield Ask('key', ())"), "keep frozen values"),
    (flow("kept = iter(call.words)", "yield Ask('key', ())"), "keep frozen values"),
    (flow("call.kept.append(1)", "yield Ask('key', ())"), "change nothing in place"),
    (flow("call.count += 1", "yield Ask('key', ())"), "change nothing in place"),
    (flow("call.kept[0] = 1", "yield Ask('key', ())"), "change nothing in place"),
    (flow("yield Ask('key', ())", before="import random"), "imports nothing but"),
    (flow("yield Ask('key', ())", before="from datetime import datetime"), "imports nothing but"),
    (flow("yield Ask('key', ())", before="import os.path"), "imports nothing but"),
    (flow("from time import time", "yield Ask('key', ())"), "imports nothing but"),
    (flow("global count", "count = 1", "yield Ask('key', ())"), "rebind nothing outside"),
    (flow("yield Ask('key', (), timeout=hash(call))"), "no hash()"),
    (flow("yield Ask('key', (), timeout=id(call))"), "no id()"),
    (flow("try:", "    yield Ask('key', ())", "except Exception:", "    pass"), "by their names"),
    (flow("try:", "    yield Ask('key', ())", "except:", "    pass"), "by their names"),
    (flow("try:", "    yield Ask('key', ())", "except Interruption:", "    pass"), "by their names"),
    (flow("yield Ask(call.key, ())"), "the key of a request"),
    (flow("yield Ask('key' + call.name, ())"), "the key of a request"),
    (flow("yield Ask(lines=())"), "the key of a request"),
]


@pytest.mark.parametrize(("source", "rule"), BAD, ids=[f"{rule}-{index}" for index, (_, rule) in enumerate(BAD)])
def test_a_flow_that_breaks_a_rule_is_told_the_line_and_the_mend(source: str, rule: str) -> None:
    breaches = check(source)
    assert any(rule in breach.rule for breach in breaches)
    assert all(str(breach).startswith(f"line {breach.line}: ") for breach in breaches)
