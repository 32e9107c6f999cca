"""A fingerprint changes when, and only when, the conversation may have changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from callflows.fingerprint import fingerprint, imported, modules_of, normalised
from callflows.inbound import inbound
from callflows.registry import CURRENT
from callflows.safe_landing import safe_landing, unknown_number

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


def test_a_flow_is_made_of_what_it_imports_near_and_far() -> None:
    made_of = modules_of("callflows.inbound")
    assert {"callflows.inbound", "callflows.symptom", "callflows.dialogues", "callflows.vocabulary"} <= made_of
    assert "callflows.explore" not in made_of
    assert "callflows.agent_offer" not in made_of


def test_rewording_a_prompt_changes_no_conversation() -> None:
    assert not {"callflows.prompts.en_us", "callflows.prompts.es_us"} & modules_of("callflows.inbound")
    assert "callflows.prompts" in modules_of("callflows.inbound")


def test_imports_are_found_wherever_they_stand() -> None:
    assert imported("def f():\n    from callflows import house\n    import callflows.people\n    import os\n") == [
        *("callflows", "callflows.house", "callflows.people"),
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
    script = "import callflows.fingerprint as f; from callflows.inbound import inbound; print(f.fingerprint(inbound))"
    shown = subprocess.run(
        [other_python(), "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert shown.stdout.strip() == fingerprint(inbound)
