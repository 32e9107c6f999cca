"""Who is on call has one answer: whatever shows it, asks of the same rotas as paging does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKS = {"on_call", "on_duty", "next_on_call", "in_line", "on_call_for", "escalation_steps"}
MAY_ASK = {
    "ivr/calls/configuration.py": "for paging, of live rotas",
    "ivr/oncall/ladder.py": "the steps of a page, of live rotas",
    "ivr/calls/whereabouts.py": "which licences count, which no cover changes",
    "ivr/clinicians/home.py": "whose rota a clinician is of, of live rotas",
    "ivr/clinicians/items.py": "whose shift an open item is of, of live rotas",
    "ivr/rotas/reachability.py": "whether whoever is on call was reached, of live rotas",
    "ivr/rotas/duties.py": "for lists, pages and calendars, of live rotas",
    "rehearsals/decisions.py": "of the organisation that it is given, which is live",
    "rehearsals/demo/director.py": "of live rotas",
    "rehearsals/demo/scenes.py": "of live rotas",
    "rehearsals/demo/surroundings.py": "of the organisation that it is given, which is live",
}


def asking() -> Iterator[str]:
    for package in ("ivr", "rehearsals", "callflows"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = node.func if isinstance(node, ast.Call) else None
                called = getattr(name, "attr", getattr(name, "id", ""))
                if called in ASKS:
                    yield str(path.relative_to(ROOT))


def test_nothing_else_works_out_who_is_on_call() -> None:
    assert set(asking()) == set(MAY_ASK)


def test_what_is_given_an_organisation_is_given_a_live_one() -> None:
    for path in ("rehearsals/steps/deciding.py", "rehearsals/transcript.py"):
        assert "organisation_at(" in (ROOT / path).read_text("utf-8")
    for path in ("rehearsals/demo/telling.py", "rehearsals/demo/director.py", "rehearsals/demo/scenes.py"):
        assert "read_live_rotas(" in (ROOT / path).read_text("utf-8")
