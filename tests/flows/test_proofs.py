"""A proof is kept while nothing it depends on has changed, and for nothing else."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from callflows.dialogues.questions import menu
from callflows.proof import samples
from callflows.proof.dependencies import Program, Unfollowed, fingerprint_of
from callflows.proof.explore import explore
from callflows.proof.graph import Report, Subject
from callflows.proof.possible import World
from callflows.proof.staff_safety import ThereFirst
from callflows.proof.subjects import sample_subjects
from callflows.proof.transcript import told
from callflows.values import Call
from callflows.vocabulary import Ask, Flow, Outcome
from ivr.flows import flows_command, proofs
from ivr.flows.proofs import ProofFolder, prove_each
from ivr.flows.sources import LOADED, SETTLED, read_sources
from tests.flows.small import made_brief

ROOT = Path(__file__).resolve().parents[2]
LATER = datetime.now(UTC) + timedelta(days=1)
SOURCES = read_sources({"callflows": ROOT / "callflows", "routing": ROOT / "routing"}, LATER)
PROGRAM = Program(SOURCES, LOADED.python, LOADED.standard_library)
SUBJECTS = sample_subjects()
SMALL = made_brief(next(subject for subject in SUBJECTS if subject.flow == "called_back"))
LINE = "\nADDED = 1\n"


class Walks:
    """Walks subjects, and counts how often."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self, subject: Subject) -> Report:
        self.done.append(subject.flow)
        return explore(subject)


@pytest.fixture
def walks() -> Walks:
    return Walks()


@pytest.fixture
def kept(tmp_path: Path, walks: Walks) -> ProofFolder:
    """A folder in which the proof of the small subject is kept."""
    folder = ProofFolder(tmp_path / "proofs", program=PROGRAM, walk=walks)
    assert folder.prove(SMALL).proof
    assert walks.done == ["called_back"]
    return folder


def changed(module: str, text: str = LINE) -> Program:
    """The program with a line more in one module."""
    return replace(PROGRAM, sources={**SOURCES, module: SOURCES.get(module, "") + text})


def file_in(folder: ProofFolder) -> Path:
    (found,) = folder.folder.iterdir()
    return found


def test_what_has_not_changed_is_not_walked_again(kept: ProofFolder, walks: Walks) -> None:
    first, again = explore(SMALL), kept.prove(SMALL)
    assert walks.done == ["called_back"]
    assert again.known
    assert again.proof
    assert first.shape
    assert (again.proof.states, again.proof.answers) == (len(first.states), len(first.edges))
    assert (again.proof.paths, again.proof.longest) == (first.shape.paths, first.shape.longest)


@pytest.mark.parametrize(
    "module",
    [
        "callflows.conversations.called_back",
        "callflows.proof.explore",
        "callflows.proof.possible",
        "callflows.prompts.en_us",
        "callflows.proof.dependencies",
        "callflows.proof.staff_safety",
        "callflows.values",
        "callflows.vocabulary.answers",
    ],
)
def test_a_line_more_in_what_it_depends_on_is_walked_again(kept: ProofFolder, walks: Walks, module: str) -> None:
    assert not replace(kept, program=changed(module)).prove(SMALL).known
    assert len(walks.done) == 2


def test_what_a_module_newly_imports_counts_too(kept: ProofFolder, walks: Walks) -> None:
    imports = "\nfrom routing import hours\n"
    importing = replace(
        changed("callflows.conversations.called_back", imports), standard_library=frozenset(sys.stdlib_module_names)
    )
    sources = {**importing.sources, "routing.hours": "from routing import edges\n", "routing.edges": ""}
    first = replace(kept, program=replace(importing, sources=sources))
    assert not first.prove(SMALL).known
    assert first.prove(SMALL).known
    assert not replace(kept, program=replace(importing, sources={**sources, "routing.edges": LINE})).prove(SMALL).known


@pytest.mark.parametrize(
    "module",
    [
        "callflows.conversations.backline",
        "callflows.conversations.agent_offer",
        "callflows.proof.samples",
        "routing.hours",
    ],
)
def test_a_line_more_elsewhere_is_not_walked_again(kept: ProofFolder, walks: Walks, module: str) -> None:
    assert replace(kept, program=changed(module)).prove(SMALL).known
    assert len(walks.done) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(SMALL, told=replace(samples.usual(), language="es-US")),
        replace(SMALL, told=replace(samples.usual(), practice=replace(samples.usual().practice, state="TX"))),
        replace(SMALL, monitors=(*SMALL.monitors, ThereFirst())),
        replace(SMALL, monitors=()),
        replace(SMALL, world=replace(SMALL.world, takeovers=2)),
        replace(SMALL, world=replace(SMALL.world, takeovers=0)),
    ],
    ids=["language", "state", "a rule more", "no rules", "takeovers", "red flag"],
)
def test_another_configuration_rule_or_world_is_walked(kept: ProofFolder, walks: Walks, other: Subject) -> None:
    assert not kept.prove(other).known
    assert len(walks.done) == 2


def test_the_label_names_what_is_told_and_changes_nothing(kept: ProofFolder) -> None:
    assert kept.prove(replace(SMALL, label="another practice")).known


def test_another_python_walks_again(kept: ProofFolder) -> None:
    assert not replace(kept, program=replace(PROGRAM, python="another")).prove(SMALL).known


def test_afresh_walks_again_and_keeps_what_it_finds(kept: ProofFolder, walks: Walks) -> None:
    assert not replace(kept, afresh=True).prove(SMALL).known
    assert len(walks.done) == 2
    assert kept.prove(SMALL).known


def cut(text: str) -> str:
    return text[: len(text) // 2]


def another_size(text: str) -> str:
    held = json.loads(text)
    held["proof"]["states"] += 1
    return json.dumps(held)


def of_something_else(text: str) -> str:
    held = json.loads(text)
    return text.replace(held["fingerprint"], "0" * 64)


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        another_size,
        of_something_else,
        lambda _: "",
        lambda _: "null",
        lambda _: "[]",
        lambda _: '{"proof": {}}',
        lambda text: text.replace('"longest"', '"shortest"'),
        lambda text: text + "}",
        lambda text: json.dumps({**json.loads(text), "more": 1}),
    ],
)
def test_a_damaged_file_is_no_proof_and_is_mended(
    kept: ProofFolder, walks: Walks, damage: Callable[[str], str]
) -> None:
    file = file_in(kept)
    whole = file.read_text(encoding="utf-8")
    file.write_text(damage(whole), encoding="utf-8")
    assert not kept.prove(SMALL).known
    assert len(walks.done) == 2
    assert file.read_text(encoding="utf-8") == whole


def test_bytes_that_are_no_text_are_no_proof(kept: ProofFolder) -> None:
    file_in(kept).write_bytes(b"\xff\xfe\x00")
    assert not kept.prove(SMALL).known


def test_a_proof_under_the_name_of_another_is_no_proof(kept: ProofFolder) -> None:
    other = replace(SMALL, monitors=())
    file_in(kept).rename(kept.folder / f"{fingerprint_of(other, PROGRAM)}.json")
    assert not kept.prove(other).known


def test_the_walk_of_another_practice_is_never_kept(tmp_path: Path, walks: Walks) -> None:
    other = replace(SMALL, told=replace(samples.usual(), language="es-US"))
    folder = ProofFolder(tmp_path, program=PROGRAM, walk=lambda _: walks(other))
    assert not folder.prove(SMALL).known
    assert not replace(folder, walk=walks).prove(SMALL).known
    assert folder.prove(SMALL).known


def abrupt(_: object) -> Flow:
    yield Ask("question", ())
    raise ValueError("oh")


def test_what_was_found_unsafe_is_walked_each_time(tmp_path: Path, walks: Walks) -> None:
    flow = f"{SOURCES['callflows.conversations.called_back']}{LINE}"
    known = replace(PROGRAM, sources={**SOURCES, abrupt.__module__: flow})
    folder = ProofFolder(tmp_path, program=known, walk=walks)
    unsafe = Subject("abrupt", "x", abrupt, None)
    for _ in range(2):
        found = folder.prove(unsafe)
        assert not found.proof
        assert found.report
        assert found.report.violation
    assert len(walks.done) == 2
    assert list(tmp_path.iterdir()) == []


def test_several_at_once_are_told_in_their_order_as_one_after_the_other(tmp_path: Path) -> None:
    unsafe = Subject("abrupt", "x", abrupt, None)
    subjects = (SMALL, unsafe, replace(SMALL, label="another", monitors=()))
    first, second = (ProofFolder(tmp_path / name, program=PROGRAM) for name in ("alone", "together"))
    alone, together = list(prove_each(first, subjects, 1)), list(prove_each(second, subjects, 2))
    assert [(one.proof, one.size) for one in together] == [(one.proof, one.size) for one in alone]
    assert together[1].report
    assert alone[1].report
    assert told(together[1].report) == told(alone[1].report) != ""
    assert all(one.known for one in prove_each(second, (SMALL, subjects[2]), 2))


def local(call: Call) -> Flow:
    answer = yield from menu(call, "tea", ())
    return Outcome(str(answer))


@dataclass(frozen=True)
class Elsewhere(World):
    """A world that no source of ours tells of."""


class Unwritten:
    """Something without a written form."""


@pytest.mark.parametrize(
    "subject",
    [
        replace(SMALL, play=local),
        replace(SMALL, play=lambda told: SMALL.play(told)),
        replace(SMALL, world=Elsewhere()),
        replace(SMALL, told=Unwritten()),
        replace(SMALL, told={"a": "dictionary"}),
    ],
    ids=["flow elsewhere", "nameless flow", "world elsewhere", "no written form", "a dictionary"],
)
def test_what_cannot_be_followed_to_its_source_is_never_kept(tmp_path: Path, subject: Subject, walks: Walks) -> None:
    with pytest.raises(Unfollowed):
        fingerprint_of(subject, PROGRAM)
    folder = ProofFolder(tmp_path, program=PROGRAM, walk=lambda _: walks(SMALL))
    assert [folder.prove(subject).known for _ in range(2)] == [False, False]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["import holidays", "from . import house", "from callflows.gone import x"])
def test_a_library_or_a_module_without_source_makes_a_proof_that_is_not_kept(line: str) -> None:
    with pytest.raises(Unfollowed):
        fingerprint_of(SMALL, changed("callflows.conversations.called_back", f"\n{line}\n"))


@pytest.mark.parametrize("subject", SUBJECTS, ids=[f"{one.flow}, {one.label}" for one in SUBJECTS])
def test_every_sample_has_a_fingerprint_of_its_own(subject: Subject) -> None:
    same = [one for one in SUBJECTS if fingerprint_of(one, PROGRAM) == fingerprint_of(subject, PROGRAM)]
    assert same == [subject]


def test_a_source_that_was_changed_just_before_it_was_read_keeps_every_proof_from_being_kept(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / f"{name}.py").write_text("X = 1\n", encoding="utf-8")
    changed_at = datetime.fromtimestamp((tmp_path / "new.py").stat().st_mtime, UTC)
    os.utime(tmp_path / "old.py", (0, 0))
    assert read_sources({"made": tmp_path}, changed_at + SETTLED / 2) == {}
    assert set(read_sources({"made": tmp_path}, changed_at + SETTLED * 2)) == {"made.old", "made.new"}


def test_a_program_whose_sources_are_not_known_keeps_nothing(kept: ProofFolder, walks: Walks) -> None:
    unknown = replace(kept, program=replace(PROGRAM, sources={}))
    assert not unknown.prove(SMALL).known
    assert not unknown.prove(SMALL).known
    assert len(walks.done) == 3


def test_a_folder_that_cannot_be_made_keeps_nobody_from_proving(tmp_path: Path, walks: Walks) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    folder = ProofFolder(tmp_path / "file" / "proofs", program=PROGRAM, walk=walks)
    assert folder.prove(SMALL).proof
    assert folder.prove(SMALL).proof
    assert len(walks.done) == 2


def test_many_at_once_in_one_folder_never_meet_half_a_proof(tmp_path: Path) -> None:
    report = explore(SMALL)

    def prove_often(_: int) -> list[bool]:
        afresh = ProofFolder(tmp_path, afresh=True, program=PROGRAM, walk=lambda _: report)
        found = [(afresh.prove(SMALL), replace(afresh, afresh=False).prove(SMALL)) for _ in range(20)]
        return [bool(new.proof) and known.known for new, known in found]

    with ThreadPoolExecutor(4) as pool:
        assert all(all(found) for found in pool.map(prove_often, range(4)))
    assert len(list(tmp_path.iterdir())) == 1


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture
def explored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, walks: Walks) -> Callable[..., Any]:
    """Runs ``sunline flows explore`` on the small subject, with a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(flows_command, "sample_subjects", lambda: [SMALL])
    monkeypatch.setattr(
        flows_command, "ProofFolder", lambda folder, afresh: ProofFolder(folder, afresh, PROGRAM, walks)
    )
    return lambda *options: CliRunner().invoke(flows_command.flows, ["explore", *options])


def test_the_command_walks_once_and_says_so(explored: Callable[..., Any], walks: Walks, tmp_path: Path) -> None:
    first, again, afresh = explored(), explored(), explored("--afresh")
    assert len(walks.done) == 2
    assert first.output.splitlines()[1] == again.output.splitlines()[1] == afresh.output.splitlines()[1]
    assert "1 of 1 were proved before and have not changed; --afresh walks them again" in again.output
    assert "proved before" not in first.output + afresh.output
    assert list((tmp_path / "sunline" / "proofs").iterdir())


def test_without_a_cache_folder_of_the_user_it_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert proofs.default_folder() == Path("/home/somebody/.cache/sunline/proofs")


def test_a_user_without_a_home_keeps_no_proofs_and_is_given_them_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def nobody(_user: int) -> None:
        raise KeyError("no such user")

    monkeypatch.setattr("pwd.getpwuid", nobody)
    folder = proofs.default_folder()

    walks = [ProofFolder(folder, program=PROGRAM).prove(SMALL) for _ in range(2)]

    assert [one.known for one in walks] == [False, False]
    assert all(one.proof for one in walks)
