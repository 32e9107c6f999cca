"""Each fault that is made on purpose is found, by the rule that is there for it."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from bench.rig.overlay import changed_source
from bench.rig.seeded_faults import (
    CHECK,
    RESPONSIBLE,
    ROOT,
    SOURCE,
    WALK,
    Fault,
    SeedingError,
    edit_source,
    find,
    read_faults,
    sample,
    subject_of,
)
from callflows.proof.explore import explore
from callflows.proof.subjects import sample_subjects
from callflows.proof.transcript import told
from tests.conftest import thorough

FAULTS = read_faults()
SAMPLE = sample(FAULTS, 10)
MET = sorted({(one.flow, one.met_by) for one in FAULTS if one.met_by})

HARMLESS = Fault(
    name="a patient is asked once",
    file="callflows/conversations/called_back.py",
    old="TRIES = range(2)",
    new="TRIES = range(1)",
    rule="ThereFirst",
    says="",
    flow="called_back",
    met_by="a patient",
)


@pytest.mark.parametrize("fault", [pytest.param(one, id=one.name) for one in SAMPLE])
def test_a_seeded_fault_is_found_by_its_rule(fault: Fault) -> None:
    assert fault.says in find(fault)


@pytest.mark.parametrize("fault", [thorough(one, id=one.name) for one in FAULTS if one not in SAMPLE])
def test_every_other_seeded_fault_is_found_by_its_rule(fault: Fault) -> None:
    assert fault.says in find(fault)


@pytest.mark.parametrize(("flow", "met_by"), [thorough(*one, id=", ".join(one)) for one in MET])
def test_without_a_fault_nothing_is_found_where_faults_are_looked_for(flow: str, met_by: str) -> None:
    subject = subject_of(flow, met_by)
    assert told(explore(replace(subject, world=replace(subject.world, takeovers=0)))) == ""


def test_there_are_a_hundred_faults_and_one_for_every_rule() -> None:
    rules = {type(monitor).__name__ for subject in sample_subjects() for monitor in subject.monitors}
    assert len(FAULTS) >= 100
    assert {fault.rule for fault in FAULTS} == {*rules, CHECK, SOURCE, WALK, RESPONSIBLE}
    assert all(fault.says for fault in FAULTS)


def test_every_fault_still_applies() -> None:
    for fault in FAULTS:
        text = edit_source(fault, ROOT)
        assert not fault.file.endswith(".py") or compile(text, fault.file, "exec"), fault.name


def test_the_sample_is_the_same_each_time_and_spread_over_the_files() -> None:
    assert sample(FAULTS, 10) == SAMPLE
    assert len(SAMPLE) == 10
    assert len({fault.file for fault in SAMPLE}) > 5


def test_what_breaks_no_rule_is_not_found() -> None:
    assert find(HARMLESS) == ""


def test_a_fault_whose_text_has_gone_is_named_with_its_file() -> None:
    with pytest.raises(SeedingError) as refused:
        find(replace(HARMLESS, old="TRIES = range(12345)"))
    assert str(refused.value) == (
        "'a patient is asked once' no longer applies: its old text stands in callflows/conversations/called_back.py "
        "0 times, and must once"
    )


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (replace(HARMLESS, old="call"), "called_back.py [0-9]+ times, and must once"),
        (replace(HARMLESS, rule="PinFirst"), "called_back is not held against PinFirst"),
        (replace(HARMLESS, met_by="nobody"), "called_back is not met by 'nobody'; there are: a patient"),
    ],
)
def test_a_fault_that_cannot_be_judged_is_refused(fault: Fault, why: str) -> None:
    with pytest.raises(SeedingError, match=why):
        find(fault)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("faults: [{name: a, rull: b}]", "one.yaml, 'a': unknown key 'rull'"),
        ("faults: [{name: a}]", "one.yaml, 'a': .* missing 5 required"),
        ("faults: [{name: a, file: f, old: o, new: n, rule: r, says: s}, {name: a}]", "missing"),
    ],
)
def test_a_file_of_faults_that_cannot_be_read_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SeedingError, match=why):
        read_faults(tmp_path)


def test_two_faults_of_one_name_are_refused(tmp_path: Path) -> None:
    one = "{name: a, file: f, old: o, new: n, rule: r, says: s}"
    (tmp_path / "one.yaml").write_text(f"faults: [{one}, {one}]", encoding="utf-8")
    with pytest.raises(SeedingError, match="two faults have the name 'a'"):
        read_faults(tmp_path)


def test_what_runs_is_as_before_once_a_fault_was_looked_for() -> None:
    before = {name: module for name, module in sys.modules.items() if name.startswith("callflows")}
    with changed_source("callflows.values", "raise RuntimeError('never imported')"), pytest.raises(RuntimeError):
        import_module("callflows.values")
    assert {name: module for name, module in sys.modules.items() if name.startswith("callflows")} == before
