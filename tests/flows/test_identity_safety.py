"""Who is taken for whom: each way to give a level that nothing earned is found."""

from __future__ import annotations

from callflows.dialogues.represented import TO_COME
from callflows.proof.identity_safety import LevelIsEarned
from callflows.values import Call
from callflows.vocabulary import Do, Fact, Flow, NoteCall
from tests.flows.breaking import END, broken

NO_SPEAKER = "a call gets a level, and who speaks for the patient did not match"
SPOKEN_FOR = NoteCall(
    patient="patient-1", identity_level="L1", representative="person-1", relation="parent", caller_level="L1"
)


def test_a_match_that_waits_for_who_is_calling_earns_nothing_where_nobody_asks() -> None:
    def hasty(call: Call) -> Flow:
        match = yield Fact("match", "patient_match", (("name", "identity/name/0"), TO_COME))
        if match["found"] == "one":
            yield Do("known", NoteCall(patient=match["patient"], identity_level="L1"))
        return END

    assert broken(hasty, LevelIsEarned()) == NO_SPEAKER


def test_nor_where_who_is_calling_did_not_match() -> None:
    def credulous(call: Call) -> Flow:
        match = yield Fact("match", "patient_match", (TO_COME,))
        if match["found"] == "one":
            yield Fact("caller", "representative_match", (("patient", match["patient"]),))
            yield Do("known", SPOKEN_FOR)
        return END

    assert broken(credulous, LevelIsEarned()) == NO_SPEAKER


def test_it_earns_a_level_with_somebody_who_speaks_for_the_patient() -> None:
    def careful(call: Call) -> Flow:
        match = yield Fact("match", "patient_match", (TO_COME,))
        if match["found"] == "one":
            speaks = yield Fact("caller", "representative_match", (("patient", match["patient"]),))
            if speaks["found"] == "one":
                yield Do("known", SPOKEN_FOR)
        return END

    assert broken(careful, LevelIsEarned()) == ""


def test_a_match_that_waits_for_nobody_earns_a_level_by_itself() -> None:
    def plain(call: Call) -> Flow:
        match = yield Fact("match", "patient_match", (("name", "identity/name/0"),))
        if match["found"] == "one":
            yield Do("known", NoteCall(patient=match["patient"], identity_level="L1"))
        return END

    assert broken(plain, LevelIsEarned()) == ""
