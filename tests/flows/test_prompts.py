"""The catalogues agree with one another and with the flows."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import callflows
from callflows.prompts import CATALOGUES, DEFAULT_LANGUAGE, languages, line

MODULES = sorted(Path(callflows.__file__).parent.rglob("*.py"))
OTHERS = [language for language in languages() if language != DEFAULT_LANGUAGE]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_prompt_is_in_every_language(language: str) -> None:
    assert CATALOGUES[language].keys() == CATALOGUES[DEFAULT_LANGUAGE].keys()


@pytest.mark.parametrize("language", OTHERS)
def test_a_prompt_has_the_same_blanks_in_every_language(language: str) -> None:
    for prompt, text in CATALOGUES[DEFAULT_LANGUAGE].items():
        assert blanks(CATALOGUES[language][prompt]) == blanks(text), prompt


@pytest.mark.parametrize("language", languages())
def test_every_prompt_says_something(language: str) -> None:
    assert all(text.strip() == text != "" for text in CATALOGUES[language].values())


@pytest.mark.parametrize("language", languages())
def test_every_language_has_a_name_in_every_language(language: str) -> None:
    assert all(f"language.{language}" in CATALOGUES[other] for other in languages())


def test_the_emergency_words_tell_to_hang_up_and_dial_911() -> None:
    for language in languages():
        for prompt in ("emergency", "symptom.911", "fallback"):
            assert "911" in line(prompt, language).spoken()


@pytest.mark.parametrize("language", languages())
def test_no_prompt_says_that_nobody_answered_since_somebody_may_have_and_passed_it_on(language: str) -> None:
    assert not [prompt for prompt, text in CATALOGUES[language].items() if re.search(r"\banswer(ed)?\b|contest", text)]


def named(tree: ast.AST) -> set[str]:
    """Texts that look like prompts, given to functions that make lines."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    makers = [node for node in calls if getattr(node.func, "attr", getattr(node.func, "id", "")) in ("line", "lines")]
    texts = [text for node in makers for argument in node.args for text in ast.walk(argument)]
    return {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}


def test_flows_use_only_prompts_that_exist() -> None:
    used = {name for path in MODULES for name in named(ast.parse(path.read_text(encoding="utf-8")))}
    known = set(CATALOGUES[DEFAULT_LANGUAGE]) | set(languages())
    complete = {name for name in used if "." in name and not name.endswith(".")}
    assert complete
    assert complete <= known
