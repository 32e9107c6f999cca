"""What ``make quick`` tests: what is nearest to a change."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.touched import ALWAYS, BESIDE, ROOT, changed_files, imports_of, touched

IMPORTS = {
    "ivr.deep": frozenset[str](),
    "ivr.near": frozenset({"ivr.deep"}),
    "ivr.alone": frozenset[str](),
    "tests.one.conftest": frozenset({"tests.one.helper"}),
    "tests.one.helper": frozenset({"ivr.near"}),
    "tests.one.test_a": frozenset[str](),
    "tests.two.test_b": frozenset({"ivr.near"}),
    "tests.two.test_c": frozenset({"ivr.deep"}),
}


def near(*changed: str) -> set[str]:
    return set(touched(changed, IMPORTS)) - set(ALWAYS)


def test_a_changed_test_is_run_and_one_that_was_removed_is_not() -> None:
    assert near("tests/two/test_b.py", "tests/two/test_gone.py") == {"tests/two/test_b.py"}


def test_a_changed_module_is_tested_by_whoever_imports_it_itself_or_by_helpers() -> None:
    assert near("ivr/near.py") == {"tests/one/test_a.py", "tests/two/test_b.py"}
    assert near("ivr/deep.py") == {"tests/two/test_c.py"}


def test_a_module_that_no_test_imports_is_tested_through_those_that_import_it() -> None:
    without = {name: imported for name, imported in IMPORTS.items() if name != "tests.two.test_c"}
    assert set(touched(["ivr/deep.py"], without)) - set(ALWAYS) == {"tests/one/test_a.py", "tests/two/test_b.py"}


def test_a_changed_helper_is_tested_by_whoever_leans_on_it() -> None:
    assert near("tests/one/helper.py") == {"tests/one/test_a.py"}


def test_what_nothing_leans_on_has_no_test() -> None:
    assert near("ivr/alone.py", "docs/picture.svg") == set()


def test_a_change_that_is_no_module_is_tested_by_what_reads_it() -> None:
    assert near("config/operator.yaml") == {"tests/directory/test_commands.py"}
    assert near("tests/conftest.py") == {"tests/house/test_servers_for_tests.py"}
    assert all((ROOT / test).is_file() for test in (*BESIDE.values(), *ALWAYS))


def test_the_imports_of_this_repository_are_read() -> None:
    assert "tests/flows/test_proofs.py" in touched(["callflows/proof/dependencies.py"], imports_of())


def test_changed_is_what_differs_from_where_the_branch_left_main_and_what_is_new(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=somebody", "-c", "user.email=somebody@sunline.example")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def write(name: str) -> None:
        (tmp_path / name).write_text(name, encoding="utf-8")

    git("init", "--initial-branch", "main")
    for step, name in enumerate(("old.py", "committed.py")):
        write(name)
        git("add", ".")
        git("commit", "--message", "one more")
        if step == 0:
            git("switch", "--create", "branch")
    write("new.py")
    assert changed_files(tmp_path) == ["committed.py", "new.py"]
