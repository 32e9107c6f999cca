"""What a clinician may be told of a call, as the explorer plays it."""

from __future__ import annotations

from callflows.proof.possible_proofs import list_proofs
from callflows.values import AGES, URGENCIES

SECRET = "canary-of-a-patient"
"""Stands for whatever the shell knows of a patient, so that a monitor can see where it is spoken."""


def list_summaries() -> tuple[dict[str, str], ...]:
    """Each urgency, language, source, whereabouts, and words or none."""
    usual = {"urgency": "urgent", "language": "en-US", "complaint": SECRET, "source": "", "state": "", "where": ""}
    changed = (
        *({"urgency": urgency} for urgency in URGENCIES),
        *({"source": source} for source in ("hospital", "laboratory", "pharmacy")),
        {"language": "es-US"},
        {"complaint": ""},
        {"address": SECRET, "on_help_line": "yes"},
        *({"age": age} for age in AGES),
        *({"flag": flag} for flag in ("said", "ear", "asked", "worse")),
        {"at_house": "yes"},
        *({"where": where, "state": "TX"} for where in ("elsewhere", "unlicensed", "unasked")),
        {"where": "unknown"},
    )
    others = (*list_proofs(), *(one for one in list_wanted_calls() if one["first"] != "another"))
    another = next(one for one in list_wanted_calls() if one["first"] == "another")
    taken = list_wanted_calls()[-1] | {"taken": "yes", "urgency": "emergent"}
    return (usual, another, taken, *(usual | change for change in (*changed, *others)))


def list_more() -> tuple[dict[str, str], ...]:
    """Everything that may be told of a call, and nothing."""
    told = {"complaint": SECRET, "address": SECRET, "level": "L1", "told_911": "yes", "with_agent": "yes"}
    raised = told | {"asked": "2", "raised": SECRET, "promised": "yes"}
    return (raised, told | {"asked": "2", "raised": ""}, {"complaint": "", "address": "", "level": "L0", "asked": "0"})


def list_wanted_calls() -> tuple[dict[str, str], ...]:
    """One call, several, several from one telephone, another one first, and none any more."""
    alone = {"first": "this", "calls": "1", "emergent": "1", "same": "1"}
    several = alone | {"calls": "3"}
    return (
        alone,
        several,
        several | {"same": "2"},
        several | {"first": "another"},
        alone | {"first": "", "calls": "0"},
    )
