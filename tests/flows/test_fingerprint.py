"""A fingerprint changes when, and only when, the conversation may have changed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest

import callflows.engine.fingerprint
from callflows.conversations.inbound import inbound
from callflows.conversations.safe_landing import safe_landing, unknown_number
from callflows.engine.fingerprint import fingerprint, imported, modules_of, normalised
from callflows.registry import CURRENT

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''def flow(call):
    """Why."""
    # because
    answer = yield Ask(f"key/{call.turn:>3}", ())
    return answer
'''


@pytest.mark.parametrize(
    "same",
    [
        SOURCE.replace('    """Why."""\n', ""),
        SOURCE.replace("    # because\n", "    # for another reason\n\n"),
        SOURCE.replace('f"key/{call.turn:>3}"', "f'key/{ call.turn :>3}'"),
        SOURCE.replace("Ask(", "Ask(\n        "),
        f'"""A module docstring."""\n{SOURCE}',
        SOURCE.replace("flow(call)", "flow(call: Call) -> Flow"),
        f"from callflows.values import Call\n{SOURCE}",
    ],
)
def test_comments_docstrings_and_layout_do_not_count(same: str) -> None:
    assert normalised(same) == normalised(SOURCE)


@pytest.mark.parametrize(
    "other",
    [
        SOURCE.replace("key/", "keys/"),
        SOURCE.replace("call.turn", "call.tries"),
        SOURCE.replace("return answer", "return None"),
        SOURCE.replace("Ask(", "Wait("),
        SOURCE.replace(":>3", ":>4"),
    ],
)
def test_everything_else_counts(other: str) -> None:
    assert normalised(other) != normalised(SOURCE)


def test_the_type_of_a_value_does_not_count_but_that_it_is_a_field_does() -> None:
    assert normalised("class A:\n    b: int = 1\n") == normalised("class A:\n    b: str = 1\n")
    assert normalised("class A:\n    b: int = 1\n") != normalised("class A:\n    b = 1\n")


PLANTED = count()


def plant(folder: Path, monkeypatch: pytest.MonkeyPatch, **modules: str) -> str:
    """Write a package with these modules; the fingerprint of ``flow`` in the one whose name ends in flow."""
    package = f"planted_{folder.name}_{next(PLANTED)}"
    for name, source in modules.items():
        path = folder / package / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source.replace("PACKAGE", package), encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(callflows.engine.fingerprint, "PACKAGE", package)
    home = next(name for name in modules if name.endswith("flow")).replace("__", ".")
    return fingerprint(import_module(f"{package}.{home}").flow)


PLAIN = {
    "tea_flow": "from PACKAGE.kitchen import boil\nfrom PACKAGE.larder import milk\n\ndef flow(call):\n"
    "    return milk(boil(call))\n",
    "kitchen": "def boil(water):\n    return water + 1\n",
    "larder": "def milk(tea):\n    return tea + 2\n",
    "cellar": "def milk(tea):\n    return tea + 3\n",
}


def planted(folder: Path, monkeypatch: pytest.MonkeyPatch, **changes: str) -> tuple[str, str]:
    """The fingerprints of the plain flow and of the changed one; a module that is moved is named folder__module."""
    moved = {name.rpartition("__")[2] for name in changes}
    kept = {name: source for name, source in PLAIN.items() if name not in moved}
    (folder / "plain").mkdir()
    (folder / "changed").mkdir()
    before = plant(folder / "plain", monkeypatch, **PLAIN)
    return before, plant(folder / "changed", monkeypatch, **kept, **changes)


def test_modules_in_other_folders_leave_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = planted(
        tmp_path,
        monkeypatch,
        tea_flow='"""Tea."""\n\nfrom PACKAGE.rooms.larder import milk\nfrom PACKAGE.rooms.kitchen import boil\n\n'
        'def flow(call: int) -> int:\n    """Tea with milk."""\n    return milk(boil(call))  # hot\n',
        rooms__kitchen=PLAIN["kitchen"],
        rooms__larder=PLAIN["larder"],
    )
    assert after == before


@pytest.mark.parametrize(
    "changes",
    [
        {"kitchen": "def boil(water):\n    return water + 7\n"},
        {"tea_flow": PLAIN["tea_flow"].replace("PACKAGE.larder", "PACKAGE.cellar")},
        {"tea_flow": PLAIN["tea_flow"].replace("boil(call)", "call")},
        {
            "tea_flow": PLAIN["tea_flow"].replace("boil", "heat"),
            "kitchen": PLAIN["kitchen"].replace("boil", "heat"),
        },
    ],
    ids=["what a helper does", "which helper of that name", "whether it is called", "what it is called"],
)
def test_what_a_flow_is_made_of_changes_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    before, after = planted(tmp_path, monkeypatch, **changes)
    assert after != before


def test_a_flow_is_made_of_what_it_imports_near_and_far() -> None:
    made_of = modules_of("callflows.conversations.inbound")
    assert {
        "callflows.conversations.inbound",
        "callflows.conversations.symptom",
        "callflows.dialogues.questions",
        "callflows.vocabulary",
    } <= made_of
    assert "callflows.proof.explore" not in made_of
    assert "callflows.conversations.agent_offer" not in made_of


def test_rewording_a_prompt_changes_no_conversation() -> None:
    assert not {"callflows.prompts.en_us", "callflows.prompts.es_us"} & modules_of("callflows.conversations.inbound")
    assert "callflows.prompts" in modules_of("callflows.conversations.inbound")


def test_imports_are_found_wherever_they_stand() -> None:
    assert imported("def f():\n    from callflows import registry\n    import callflows.values\n    import os\n") == [
        *("callflows", "callflows.registry", "callflows.values"),
    ]


def test_flows_of_one_module_share_a_fingerprint_and_others_do_not() -> None:
    assert fingerprint(safe_landing) == fingerprint(unknown_number)
    assert len({fingerprint(flow.play) for flow in CURRENT}) == len(CURRENT) - 1


def other_python() -> str:
    """Another Python that we support, where this machine has one: on the path, or where pyenv keeps them.

    pyenv puts a command on the path for every version it has, which runs only where that version is chosen.
    """
    wanted = "3.12" if sys.version_info[:2] == (3, 11) else "3.11"
    kept = (Path.home() / ".pyenv" / "versions", Path(sys.base_prefix).parent)
    beside = (str(path) for folder in kept for path in sorted(folder.glob(f"{wanted}.*/bin/python")))
    for candidate in (f"python{wanted}", "python3", "python", *beside):
        if version_of(candidate) == wanted:
            return candidate
    pytest.skip(f"no Python {wanted} on this machine")


def version_of(candidate: str) -> str:
    """The version of an interpreter; empty where there is none that runs."""
    asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        shown = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return shown.stdout.strip() if shown.returncode == 0 else ""


def test_the_other_python_sees_the_same_fingerprint() -> None:
    imports = (
        "from callflows.engine.fingerprint import fingerprint; from callflows.conversations.inbound import inbound"
    )
    shown = subprocess.run(
        [other_python(), "-c", f"{imports}; print(fingerprint(inbound))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert shown.stdout.strip() == fingerprint(inbound)
