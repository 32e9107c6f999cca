"""Somebody calls about somebody else: two questions of who, and the same words whichever of them fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from callflows.authority import PARENT, Representation, Represented, Sought, Speaker, find_speaker, records_of_caller
from callflows.call_record.callers import describe_caller
from callflows.call_record.material import About, Material
from callflows.dialogues.represented import FOR_THEMSELVES
from callflows.identity import Held
from callflows.proof import samples
from callflows.values import IdentityRule
from callflows.vocabulary import Answer, Fact, Known, NoteCall, SendCode
from callflows.vocabulary.hearing import EMERGENT
from ivr.hearing.wishes import wish_in
from tests.flows.playing import NOTHING, Story, calls, presses, says, wishes
from tests.flows.test_authority import TODAY, aged

RULE = IdentityRule(("date_of_birth", "zip", "name"), tries=2, representatives=True)
BEGAN = datetime(2026, 11, 17, tzinfo=UTC)
PRACTICE = samples.practice(samples.BILLING, samples.NURSE, identity=RULE)
NOBODY = {"found": "none", "patient": ""}
NO_SPEAKER = {"found": "none", "representative": "", "relation": ""}
ITEMS: tuple[Answer, ...] = (presses("03142011"), presses("60302"), says("Teo Ruiz"))
OWN: tuple[Answer, ...] = (says("Ana Ruiz"), presses("07041980"))
WITH_BOTH = NoteCall(
    patient="patient-1", identity_level="L1", representative="person-1", relation="parent", caller_level="L1"
)


def story(*answers: Answer, patient: bool = True, speaker: bool = True, rule: IdentityRule = RULE) -> Story:
    facts = {
        **({} if patient else {"patient_match": NOBODY}),
        **({} if speaker else {"representative_match": NO_SPEAKER}),
    }
    return calls(samples.call(replace(PRACTICE, identity=rule)), presses("1"), *answers, facts=facts)


def test_nobody_is_asked_about_whom_they_call_unless_the_practice_wants_it() -> None:
    plain = story(rule=replace(RULE, representatives=False))
    assert plain.now == "identity/birth/0/0"
    assert story().now == "identity/whom/0"


@pytest.mark.parametrize("about", [presses("1"), says("about myself"), says("yes")])
def test_who_calls_about_themselves_is_asked_as_ever(about: Answer) -> None:
    told = story(about, *ITEMS[:2])
    assert told.did(NoteCall)[-1] == NoteCall(patient="patient-1", identity_level="L1")
    assert "caller.name" not in told.heard


@pytest.mark.parametrize("about", [presses("2"), says("it is for my daughter"), says("no"), wishes("other")])
def test_both_are_known_each_at_its_level(about: Answer) -> None:
    told = story(about, *ITEMS, *OWN)
    assert told.did(NoteCall)[-1] == WITH_BOTH
    assert "identity.matched" in told.heard


def test_no_code_is_texted_to_the_patient_for_whoever_speaks_for_them() -> None:
    rule = replace(RULE, codes=True)
    assert story(presses("1"), *ITEMS[:2], rule=rule).did(SendCode) == [SendCode()]
    told = story(presses("2"), *ITEMS, *OWN, rule=rule)
    assert told.did(SendCode) == []
    assert told.did(NoteCall)[-1] == WITH_BOTH
    assert told.now == "agent/0/wait/0"


def test_the_same_questions_and_words_follow_whichever_of_the_two_fails() -> None:
    attempts = (presses("2"), *ITEMS, *OWN, *ITEMS, *OWN)
    # The second fact of a patient whom nobody is found for is "none" too, as the shell gives it.
    told = [story(*attempts, patient=patient, speaker=False) for patient in (True, False)]
    assert told[0].heard == told[1].heard
    assert told[0].asked == told[1].asked
    for one in told:
        assert one.now == "identity/ill/0"
        assert not any(note.patient or note.identity_level or note.representative for note in one.did(NoteCall))


def test_who_calls_about_themselves_is_looked_up_as_the_one_who_calls() -> None:
    def looked_up(*whose: Answer, last: int = 1, rule: IdentityRule = RULE) -> Fact:
        told = story(*whose, *ITEMS[:last], rule=rule)
        told.run.answer(ITEMS[last])
        while isinstance(told.run.request, Fact) and told.run.request.name == "spoken_item":
            told.run.answer(Known((("understood", "yes"), ("spoken", ""))))
        assert isinstance(told.run.request, Fact)
        return told.run.request

    assert FOR_THEMSELVES in looked_up(presses("1")).about
    assert FOR_THEMSELVES not in looked_up(presses("2"), last=2).about
    assert FOR_THEMSELVES not in looked_up(rule=replace(RULE, representatives=False)).about


def test_an_illness_goes_before_every_question_about_who_it_is() -> None:
    for answers in ([], [presses("2")], [presses("2"), *ITEMS], [presses("2"), *ITEMS, OWN[0]]):
        told = story(*answers, says("she is choking", EMERGENT))
        assert told.now == "danger"


def test_somebody_who_does_not_answer_goes_on_to_a_person() -> None:
    told = story(*[presses("*")] * 9)
    assert told.now == "identity/ill/0"
    assert story(NOTHING, NOTHING, NOTHING).now == "identity/ill/0"


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("it is for my son", "other"),
        ("somebody else", "other"),
        ("about me, not my mother", "other"),
        ("for myself", "self"),
        ("llamo por mi mismo", "self"),
        ("es para mi hija", "other"),
        ("No, it's not for me", "other"),
        ("not for me", "other"),
        ("it isn't about me", "other"),
        ("it is not about me", "other"),
        ("no es para mí", "other"),
        ("no, no es por mí", "other"),
        ("no, it's for me", "self"),
        ("I'm calling on behalf of somebody", "other"),
        ("about my patient", "other"),
        *(
            (f"it is for my {who}", "other")
            for who in ("nephew", "niece", "aunt", "uncle", "grandson", "granddaughter")
        ),
        *((f"for me and my {who}", "other") for who in ("girlfriend", "boyfriend", "partner")),
        *((f"es para mi {who}", "other") for who in ("suegra", "suegro", "sobrino", "sobrina", "nieto", "nieta")),
        *((f"por mi {who}", "other") for who in ("novia", "novio", "pareja", "tío", "tía")),
    ],
)
def test_words_tell_about_whom_somebody_calls(words: str, wish: str) -> None:
    assert wish_in(words, ("other", "self")) == wish


ANA = Speaker("ana", Held(name="Ana Ruiz", date_of_birth="1980-07-04"), Representation(PARENT))
MAX = Speaker("max", Held(name="Max Ruiz", date_of_birth="1979-01-02"), Representation(PARENT))
SAID = {"name": [("ana ruiz",)], "date_of_birth": [("07041980",)]}
SCHEDULING = Sought("scheduling")


def speaks(*speakers: Speaker, patient: Represented | None = None, on: date = TODAY) -> Speaker | None:
    return find_speaker(records_of_caller(SAID, speakers), patient or aged(8), SCHEDULING, on)


def test_the_caller_is_found_among_those_who_speak_for_the_patient() -> None:
    assert speaks(MAX, ANA) == ANA
    assert speaks(MAX) is None
    assert speaks() is None
    assert speaks(ANA, patient=aged(30)) is None


def test_a_name_or_a_date_of_birth_alone_is_not_enough() -> None:
    assert find_speaker(records_of_caller({"name": SAID["name"]}, [ANA]), aged(8), SCHEDULING, TODAY) is None
    born = {"date_of_birth": SAID["date_of_birth"]}
    assert find_speaker(records_of_caller(born, [ANA]), aged(8), SCHEDULING, TODAY) is None
    nameless = replace(ANA, held=Held(date_of_birth="1980-07-04"))
    assert speaks(nameless) is None


def test_a_second_record_of_the_same_person_counts_with_the_first() -> None:
    over = replace(ANA, id="over", representation=Representation(PARENT, ends_on=date(2020, 1, 1)))
    assert speaks(over, ANA) == ANA
    denial = replace(ANA, id="denial", representation=Representation(PARENT, denied=True))
    assert speaks(ANA, denial) is None


def test_a_denial_without_a_date_of_birth_denies_whoever_has_the_name() -> None:
    held = Held(name="Ruiz, Ana")
    denial = Speaker("denial", held, Representation("other", denied=True))
    assert speaks(ANA, denial) is None
    other = Speaker("denial", Held(name="Max Ruiz"), Representation("other", denied=True))
    assert speaks(ANA, other) == ANA


def test_a_denial_denies_whoever_has_its_day_of_birth_whatever_the_name() -> None:
    on_file = Speaker("lee", Held(name="Katherine Lee", date_of_birth="1980-07-04"), Representation(PARENT))
    denial = Speaker(
        "miller", Held(name="Katherine Miller", date_of_birth="1980-07-04"), Representation("other", denied=True)
    )
    said = {"name": [("katherine lee",)], "date_of_birth": [("07041980",)]}

    def speaks_beside(denied: Speaker) -> Speaker | None:
        return find_speaker(records_of_caller(said, [on_file, denied]), aged(8), SCHEDULING, TODAY)

    assert speaks_beside(denial) is None
    for name in ("Kate Miller", "Miller, Catherine", "Katya Lee", "Robert Miller", ""):
        assert speaks_beside(replace(denial, held=Held(name=name, date_of_birth="1980-07-04"))) is None
    other = Held(name="Robert Miller", date_of_birth="1979-01-02")
    assert speaks_beside(replace(denial, held=other)) == on_file


@pytest.mark.parametrize(
    ("name", "born"),
    [("Maximilian Ruiz", ""), ("Max Ruiz", "1979-02-01"), ("Max Ruiz", "1979-01-03"), ("Max Ruis", "")],
)
def test_a_denial_that_is_mistyped_or_lacks_a_date_denies_all_the_same(name: str, born: str) -> None:
    on_file = Speaker("max", Held(name="Max Ruiz", date_of_birth="1979-01-02"), Representation(PARENT))
    denial = Speaker("denial", Held(name=name, date_of_birth=born), Representation("other", denied=True))
    said = {"name": [("max ruiz",)], "date_of_birth": [("01021979",)]}
    assert find_speaker(records_of_caller(said, [on_file]), aged(8), SCHEDULING, TODAY) == on_file
    assert find_speaker(records_of_caller(said, [on_file, denial]), aged(8), SCHEDULING, TODAY) is None


def test_two_people_whom_the_words_fit_alike_are_not_chosen_between() -> None:
    twin = Speaker("twin", Held(name="Anna Ruiz", date_of_birth="1980-07-04"), Representation(PARENT))
    assert records_of_caller(SAID, [ANA, twin]) == ()


def test_the_record_of_a_call_tells_who_called_and_at_which_level() -> None:
    about = About("c1", "Elm", "UTC", BEGAN, "en-US", representative="r-1", relation="guardian", caller_level="L1")
    assert describe_caller(Material(about)) == "guardian of the patient: record r-1, identity level L1"


def test_nothing_of_who_speaks_shows() -> None:
    assert [word for word in ("Ruiz", "1980") if word in repr(ANA)] == []
