"""The judge condemns tapes with a planted fault, and lets pass the same tape without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.orders.judge import Wrong, judge
from tests.orders.tape import Line, Ring, Sound, Talk, Tape

CALLER, OTHER, DOCTOR, BACKUP, HOUSE, LINGUA = "caller", "other", "dr-okafor", "dr-lee", "house", "lingua"
PIN = "258046"


def good() -> Tape:
    """A caller with a red flag hears words, the clinician is rung and takes the call, and they talk until 80 s."""
    tape = Tape(
        callers=frozenset({CALLER, OTHER}), clinicians=frozenset({DOCTOR, BACKUP}), house=frozenset({HOUSE}),
        interpreters=frozenset({LINGUA}), agents=frozenset({"ana"}), told={CALLER: 10.0}, pin=PIN, emergent_from=12.0,
        private=("wedding",), end=600.0,
    )  # fmt: skip
    line(tape, "C1", CALLER, 0, 80, dialled_in=True)
    says(tape, "C1", (0, 12, "dial 911 now"), (24, 30, "I am still with you"), (40, 44, "I have not forgotten you"))
    tape.rings.append(Ring("D1", DOCTOR, 12, 15, answered=True))
    line(tape, "D1", DOCTOR, 15, 80, keys=keyed(20, f"{PIN}#1"))
    says(tape, "D1", (15, 19, "Enter your PIN"), (22, 30, "Emergent call for Maple. The wedding."))
    tape.talks.append(Talk("C1", "D1", 45, 80))
    tape.texts.append((12.0, DOCTOR, "Sunline: you are being paged."))
    return tape


def line(tape: Tape, sid: str, who: str, begin: float, end: float, **more: object) -> None:
    tape.lines[sid] = Line(sid, who, begin, end, **more)  # type: ignore[arg-type]


def says(tape: Tape, sid: str, *sounds: tuple[float, float, str]) -> None:
    tape.lines[sid].sounds += [Sound(begin, end, "say", text) for begin, end, text in sounds]


def keyed(at: float, keys: str) -> list[tuple[float, str]]:
    return [(at + place / 10, key) for place, key in enumerate(keys)]


def no_words(tape: Tape) -> None:
    del tape.lines["C1"].sounds[1:]


def music_only(tape: Tape) -> None:
    for sound in tape.lines["C1"].sounds[1:]:
        sound.kind = "play"


def alone_on_a_dead_leg(tape: Tape) -> None:
    tape.lines["C1"].end = 120


def alone_with_a_machine(tape: Tape) -> None:
    tape.lines["D1"].machine = True


def nobody_is_rung(tape: Tape) -> None:
    tape.rings.clear()
    tape.talks.clear()
    del tape.lines["D1"]
    tape.lines["C1"].end = 46


def forgotten_after_the_ladder(tape: Tape) -> None:
    nobody_is_rung(tape)
    tape.alerts.append((11.0, "ladder-exhausted"))
    tape.end = 1200.0


def a_short_talk(tape: Tape) -> None:
    tape.talks[0].end = tape.lines["C1"].end = tape.lines["D1"].end = 60


def short_and_told(tape: Tape) -> None:
    a_short_talk(tape)
    tape.alerts.append((100.0, "nobody-had-contact"))


def rung_afterwards(tape: Tape) -> None:
    tape.rings.append(Ring("D2", BACKUP, 200, 230))


def rings_on(tape: Tape) -> None:
    tape.rings.append(Ring("D2", BACKUP, 44, 100))


def rung_in_the_talk(tape: Tape) -> None:
    tape.rings.append(Ring("D2", DOCTOR, 55, 57))


def patient_rung_on_the_line(tape: Tape) -> None:
    tape.rings.append(Ring("C2", CALLER, 30, 33))


def patient_rung_for_nobody(tape: Tape) -> None:
    tape.rings.append(Ring("C2", OTHER, 84, 95))


def picked_up_alone(tape: Tape) -> None:
    tape.rings.append(Ring("C2", OTHER, 84, 86, answered=True))
    line(tape, "C2", OTHER, 86, 100, keys=[(90.0, "1")])


def kept_apart(tape: Tape) -> None:
    tape.told[OTHER] = 20.0
    line(tape, "D2", BACKUP, 50, 150, keys=keyed(52, f"{PIN}#1"))
    tape.rings.append(Ring("C2", OTHER, 60, 64, answered=True))
    line(tape, "C2", OTHER, 64, 150, keys=[(66.0, "1")])
    says(tape, "C2", *((at, at + 5, "Please wait") for at in range(64, 150, 10)))


def summary_before_the_pin(tape: Tape) -> None:
    says(tape, "D1", (16, 19, "It is about the wedding"))


def wrong_pin(tape: Tape) -> None:
    tape.lines["D1"].keys = keyed(20, "111111#1")


def told_to_a_machine(tape: Tape) -> None:
    line(tape, "D2", BACKUP, 13, 14, machine=True)
    says(tape, "D2", (13, 14, "The wedding"))


def told_to_the_interpreter(tape: Tape) -> None:
    line(tape, "L1", LINGUA, 46, 60)
    says(tape, "L1", (46, 50, "The wedding"))


def told_to_the_house(tape: Tape) -> None:
    line(tape, "H1", HOUSE, 13, 16)
    says(tape, "H1", (13, 15, "The wedding"))


def told_in_a_text(tape: Tape) -> None:
    tape.texts.append((13.0, BACKUP, "the wedding"))


def texted_twice(tape: Tape) -> None:
    tape.texts.append((40.0, DOCTOR, "Sunline: you are being paged."))


def rung_twice(tape: Tape) -> None:
    tape.rings += [Ring("D2", BACKUP, 12, 14), Ring("D3", BACKUP, 30, 33)]


def engaged_twice(tape: Tape) -> None:
    tape.rings += [Ring("D2", BACKUP, 12, 12), Ring("D3", BACKUP, 14, 14)]


def paged_as_urgent(tape: Tape) -> None:
    tape.lines["D1"].sounds[1].text = "Urgent call for Maple."


def joined_with_a_voicemail(tape: Tape) -> None:
    line(tape, "D2", BACKUP, 46, 60, machine=True)
    tape.talks.append(Talk("C1", "D2", 47, 49))


PLANTED: dict[Callable[[Tape], None], str] = {
    no_words: "alone in silence", music_only: "alone in silence", alone_on_a_dead_leg: "alone in silence",
    alone_with_a_machine: "alone in silence", nobody_is_rung: "nothing under way",
    forgotten_after_the_ladder: "nothing under way", a_short_talk: "no contact, nobody told",
    short_and_told: "no contact", rung_afterwards: "rung after contact", rings_on: "rung after contact",
    rung_in_the_talk: "rung while talking", patient_rung_on_the_line: "rung while talking",
    patient_rung_for_nobody: "patient rung for nobody", picked_up_alone: "picked up to nobody",
    kept_apart: "never joined", summary_before_the_pin: "said before the PIN", wrong_pin: "said before the PIN",
    told_to_a_machine: "said before the PIN", told_to_the_interpreter: "said before the PIN",
    told_to_the_house: "said before the PIN", told_in_a_text: "said in a text",
    texted_twice: "two texts in a minute", rung_twice: "two rings in a minute",
    engaged_twice: "two rings in a minute", paged_as_urgent: "worked on as less",
    joined_with_a_voicemail: "joined with a voicemail",
}  # fmt: skip


def test_a_good_tape_is_let_pass() -> None:
    assert judge(good()) == []


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_condemned(plant: Callable[[Tape], None]) -> None:
    tape = good()
    plant(tape)
    assert PLANTED[plant] in {wrong.rule for wrong in judge(tape)}


@pytest.mark.parametrize("dialled_in", [True, False])
def test_the_house_that_took_a_caller_or_had_the_patient_rung_is_contact(dialled_in: bool) -> None:
    tape = good()
    tape.lines["D1"].who, tape.lines["C1"].dialled_in = HOUSE, dialled_in
    tape.lines["C1"].keys = [(1.0, "1")]
    assert "no contact, nobody told" not in {wrong.rule for wrong in judge(tape)}


def test_the_house_that_took_a_caller_for_a_moment_is_no_contact() -> None:
    tape = good()
    tape.lines["D1"].who = HOUSE
    a_short_talk(tape)
    assert "no contact, nobody told" in {wrong.rule for wrong in judge(tape)}


def test_silence_while_the_network_refuses_everything_is_nobodys_fault() -> None:
    tape = good()
    no_words(tape)
    tape.refused.append((14.0, 44.0))
    assert judge(tape) == []


def test_a_race_of_a_moment_is_let_pass() -> None:
    tape = good()
    tape.rings.append(Ring("D2", BACKUP, 66.5, 68))
    assert judge(tape) == []


def test_a_wrong_is_told_with_its_instant() -> None:
    tape = good()
    rung_in_the_talk(tape)
    assert Wrong("rung while talking", 55, DOCTOR) in judge(tape)
