"""Faults that are made on purpose, each a small edit kept as data, and the rule that must find it.

A fault of a flow, a dialogue or a prompt is found by one rule of ``callflows/proof``, held by itself against the
smallest conversation that shows it; a fault of the configuration by ``sunline check``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.rig.overlay import changed_source
from ivr.core.counting import counted
from ivr.ops.configuration_commands import check_folder

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "flows" / "seeded_faults"
CONFIG = ROOT / "config"
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""The day on which the example organisation is judged."""

CHECK, SOURCE, WALK, RESPONSIBLE = "sunline check", "yield_rules", "explore", "one_responsible"
"""Rules that are no monitors: what ``sunline check`` refuses, how flows are written, what the walk itself needs,
and who is responsible for a call over all lifecycles."""


class SeedingError(Exception):
    """A fault cannot be made or judged as it is written down; the text names it and the mend."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One edit and what finds it.

    In ``file`` (from the top of the repository) ``old``, which must stand there once, becomes ``new``. ``rule`` is the
    monitor that must find it, or one of those that are none, and ``says`` a part of its words. ``flow`` is walked as
    ``met_by`` a practice or a party, taken over at most ``takeovers`` times.
    """

    name: str
    file: str
    old: str
    new: str
    rule: str
    says: str
    flow: str = "inbound"
    met_by: str = ""
    takeovers: int = 0


def read_faults(folder: Path = FOLDER) -> tuple[Fault, ...]:
    """Every fault in the YAML files of ``folder``, in their order. Raises SeedingError."""
    found = tuple(_fault(path, entry) for path in sorted(folder.glob("*.yaml")) for entry in _entries(path))
    names = [fault.name for fault in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SeedingError(f"two faults have the name {twice[0]!r}; give each its own")
    return found


def sample(faults: tuple[Fault, ...], count: int) -> tuple[Fault, ...]:
    """The same ``count`` of them each time, spread evenly."""
    return faults[:: max(1, len(faults) // count)][:count]


def find(fault: Fault) -> str:
    """What its rule says of the fault; empty where the rule holds. Raises SeedingError."""
    if fault.rule == CHECK:
        return _checked(fault)
    if fault.rule == SOURCE:
        return _read(fault)
    if fault.rule == RESPONSIBLE:
        return _composed(fault)
    return _walked(fault)


def subject_of(flow: str, met_by: str) -> Any:
    """What is walked, of the ``callflows`` that is imported now. Raises SeedingError."""
    subjects, samples = import_module("callflows.proof.subjects"), import_module("callflows.proof.samples")
    known = list(subjects.sample_subjects())
    for label, call in _practices(samples).items():
        known += [*subjects.caller_subjects(label, call), *subjects.landing_subjects(label, call)]
    found = [one for one in known if (one.flow, one.label) == (flow, met_by)]
    if not found:
        labels = sorted({one.label for one in known if one.flow == flow})
        raise SeedingError(f"{flow} is not met by {met_by!r}; there are: {', '.join(labels)}")
    return found[0]


def _practices(samples: Any) -> Mapping[str, Any]:
    """Practices smaller than the samples, so that a fault shows soon."""
    nurse, level = samples.NURSE, "L1"
    offices = {
        "an office": (samples.INFORMATION,),
        "a nurse": (nurse,),
        "a nurse for those who are known": (replace(nurse, level=level), samples.INFORMATION),
        "call-backs to the known": (replace(samples.BILLING, level=level),),
        "messages for new patients": (replace(samples.SCHEDULING, new_patients="message"),),
        "call-backs for new patients": (replace(samples.SCHEDULING, new_patients="callback"),),
        "results": (samples.RESULTS,),
    }
    plain = {label: samples.call(samples.practice(*services, state="IL")) for label, services in offices.items()}
    screened = samples.practice(nurse, state="IL", protocol=samples.PROTOCOL)
    hidden_call_backs = samples.call(samples.practice(replace(samples.BILLING, level="L0")), caller_id=False)
    return {
        **plain,
        "a nurse who screens": samples.call(screened),
        "a nurse who screens in Spanish": samples.call(replace(screened, languages=("es-US", "en-US"))),
        "a protocol for adults alone": samples.call(
            samples.practice(nurse, state="IL", protocols=samples.PROTOCOLS[:1])
        ),
        "two languages, one office": samples.call(
            samples.practice(samples.INFORMATION, languages=("es-US", "en-US"), has_backline=True)
        ),
        "hidden numbers at an office": samples.call(samples.practice(samples.INFORMATION), caller_id=False),
        "hidden numbers at a nurse": samples.call(samples.practice(nurse, state="IL"), caller_id=False),
        "hidden numbers, call-backs": hidden_call_backs,
        "numbers abroad, call-backs": replace(hidden_call_backs, abroad=True),
    }


def _walked(fault: Fault) -> str:
    with changed_source(_module(fault), edit_source(fault, ROOT)):
        subject = subject_of(fault.flow, fault.met_by)
        rules = tuple(one for one in subject.monitors if type(one).__name__ == fault.rule)
        if not rules and fault.rule != WALK:
            raise SeedingError(f"{fault.name!r}: {fault.flow} is not held against {fault.rule}")
        world = replace(subject.world, takeovers=min(fault.takeovers, subject.world.takeovers))
        explore = import_module("callflows.proof.explore").explore
        violation = explore(replace(subject, monitors=rules, world=world)).violation
        return str(violation.rule) if violation else ""


def _read(fault: Fault) -> str:
    breaches = import_module("callflows.proof.yield_rules").check(edit_source(fault, ROOT))
    return "; ".join(map(str, breaches))


def _composed(fault: Fault) -> str:
    with changed_source(_module(fault), edit_source(fault, ROOT)):
        found: str = import_module("callflows.proof.one_responsible").find_breach()
        return found


def _checked(fault: Fault) -> str:
    with tempfile.TemporaryDirectory() as held:
        folder = Path(shutil.copytree(CONFIG, Path(held) / "config", ignore=shutil.ignore_patterns("hearing")))
        text = edit_source(fault, ROOT)
        (folder / Path(fault.file).relative_to("config")).write_text(text, encoding="utf-8")
        problems = check_folder(folder, AT, days=1, allow_unsigned=False)
        return "; ".join(f"{one.what}; {one.mend}" for one in problems if not one.warning)


def edit_source(fault: Fault, root: Path) -> str:
    """The text of the fault's file with the fault in it. Raises SeedingError where it applies no more."""
    text = (root / fault.file).read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        times = counted(text.count(fault.old), "time")
        raise SeedingError(
            f"{fault.name!r} no longer applies: its old text stands in {fault.file} {times}, and must once"
        )
    return text.replace(fault.old, fault.new)


def _module(fault: Fault) -> str:
    return ".".join(Path(fault.file).with_suffix("").parts)


def _entries(path: Path) -> Iterator[Mapping[str, Any]]:
    """The entries of a file, each with what the file says of all of them."""
    held = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    for entry in held["faults"]:
        yield {**held.get("all", {}), **entry}


def _fault(path: Path, entry: Mapping[str, Any]) -> Fault:
    known = {part.name for part in fields(Fault)}
    try:
        unknown = set(entry) - known
        if unknown:
            raise TypeError(f"unknown key {min(unknown)!r}")
        return Fault(**entry)
    except TypeError as problem:
        raise SeedingError(f"{path.name}, {entry.get('name', 'a fault without a name')!r}: {problem}") from problem
