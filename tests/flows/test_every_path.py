"""The safety rules hold on every path of every flow, for each way practices differ."""

from __future__ import annotations

import pytest

from callflows.proof.graph import Subject
from callflows.proof.transcript import told
from ivr.flows.proofs import ProofFolder
from tests.conftest import thorough
from tests.flows.small import BIG, SMALL


def named(subject: Subject) -> str:
    return f"{subject.flow}, {subject.label}"


@pytest.mark.parametrize(
    "subject",
    [
        *(pytest.param(one, id=named(one)) for one in SMALL),
        *(thorough(one, id=f"{named(one)}, in full") for one in BIG),
    ],
)
def test_every_rule_holds_on_every_path(subject: Subject, proofs: ProofFolder) -> None:
    walked = proofs.prove(subject)
    assert walked.report is None or told(walked.report) == ""
    assert walked.proof
    assert walked.proof.paths > walked.proof.states
