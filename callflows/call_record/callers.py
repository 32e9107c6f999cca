"""Who called, in the record of a call."""

from __future__ import annotations

from callflows.call_record.material import Material
from callflows.call_record.values import Cell, Unknown, say_code
from callflows.call_record.why import BACKLINE, is_professional

_PROOFS = {
    "none": "for whom they called is not proved",
    "code": "gave the code of {organisation}, without a call-back",
    "rings": "gave the code of {organisation}; its listed number is being called",
    "unanswered": "gave the code of {organisation}; the call to its listed number proved nothing",
    "reached": "gave the code of {organisation}, and was reached at its listed number: level P",
}
"""What a professional proved, by how."""


def describe_proof(how: str, organisation: str) -> str:
    """How far a professional has proved for whom they call, in words; empty where the question does not arise."""
    return _PROOFS.get(how, "").format(organisation=organisation)


def describe_caller(known: Material) -> Cell | Unknown:
    """Who called, and what is proved of it."""
    if is_professional(known) or known.about.proof:
        said = f"a {(known.about.service or '').removeprefix(BACKLINE)}" if is_professional(known) else "a professional"
        proved = describe_proof(known.about.proof, known.about.organisation)
        return f"{said}: {proved}" if proved else said
    if known.about.representative:
        who = f"record {known.about.representative}, identity level {known.about.caller_level}"
        return f"{say_code(known.about.relation or '')} of the patient: {who}"
    return Unknown("name and relation not asked: nothing stands between an illness and a clinician")
