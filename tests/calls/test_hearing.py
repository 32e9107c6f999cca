"""What is heard in callers' words: once, when they arrive, and kept with the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from callflows.vocabulary import Spoke
from callflows.vocabulary.hearing import CALM, DOUBT, EMERGENT, FLAGGED, ILL, NO, SUSPECT, UNJUDGED
from ivr.calls import hearing, log
from ivr.calls.hearing import listen
from ivr.core.settings import Settings
from ivr.core.unit_of_work import transaction
from ivr.hearing.ear import Ear
from tests.calls.office import Office, Party

GRAVE = "my husband went grey in the face and he is clutching his shirt and sweating through it"


def at_menu(office: Office) -> Party:
    caller = office.dialled()
    caller.presses("1")
    return caller


def kept(office: Office, caller: Party, words: str) -> Spoke:
    """The answer with these words as the log has it."""
    with transaction(office.services) as work:
        answers = [entry.answer for entry in log.entries(work, caller.leg)]
    (spoken,) = [one for one in answers if isinstance(one, Spoke) and one.words == words]
    return spoken


@pytest.mark.parametrize(
    ("words", "dangers"),
    [
        ("my father has chest pain", {FLAGGED}),
        ("me duele el pecho", {FLAGGED}),
        (GRAVE, {EMERGENT}),
        ("my oxygen says 79", {EMERGENT}),
        ("my knee hurts", {ILL, SUSPECT}),
        ("I need a refill", {CALM}),
        ("purple elephants dance", {CALM}),
    ],
)
def test_the_danger_is_kept_with_the_answer(office: Office, words: str, dangers: set[str]) -> None:
    caller = at_menu(office)
    caller.says(words)
    assert kept(office, caller, words).danger in dangers


def test_the_service_that_is_wished_for_is_kept_and_answers_the_menu(office: Office) -> None:
    caller = at_menu(office)
    caller.says("could you move my visit to next week")
    assert kept(office, caller, "could you move my visit to next week").wish == "scheduling"
    assert caller.leg.pending_key == "identity/seen/0"


@pytest.mark.parametrize(
    "words",
    ["I took all my medicine at once", "there is a person here foaming at the mouth", "me tomé todas las pastillas"],
)
def test_an_emergency_in_words_of_an_office_service_or_of_a_person_is_asked_about(office: Office, words: str) -> None:
    caller = at_menu(office)
    caller.says(words)
    assert caller.leg.pending_key in ("danger", "emergency/wait/0")


def test_an_ear_that_fails_in_mid_call_makes_the_line_ask(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the file has gone")

    monkeypatch.setattr(hearing, "ear_for_answers", broken)
    caller = at_menu(office)
    caller.says("blue umbrella")
    assert kept(office, caller, "blue umbrella").danger == UNJUDGED
    assert caller.leg.pending_key == "danger"
    flagged = at_menu(office)
    flagged.says("chest pain")
    assert flagged.leg.pending_key == "emergency/where/address"


@pytest.mark.parametrize("words", ["no", "No.", "no, gracias", "no thank you", "nope", "No, sir."])
def test_a_bare_no_is_no_illness_whatever_the_ear_takes_it_for(
    office: Office, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def alarmed(_settings: object, _now: object) -> Ear:
        raise AssertionError("a bare no was given to the ear")

    monkeypatch.setattr("ivr.calls.hearing.ear_for_answers", alarmed)
    heard = listen(office.services, Spoke(words))
    assert isinstance(heard, Spoke)
    assert (heard.reply, heard.danger) == (NO, CALM)


def test_a_bare_doubt_is_a_doubt_and_no_emergency(office: Office) -> None:
    for words in ("no sé", "No lo sé, señorita", "No se\u0301", "I don't know", "not sure"):
        heard = listen(office.services, Spoke(words))
        assert isinstance(heard, Spoke)
        assert (heard.reply, heard.danger) == (DOUBT, CALM)


@pytest.mark.parametrize(
    "words", ["no, please", "no no no", "no está", "no se", "she is not", "not at all", "no puedo", "no, my chest"]
)
def test_a_no_beside_anything_else_is_heard(office: Office, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    def deaf(_settings: object, _now: object) -> Ear:
        raise RuntimeError

    monkeypatch.setattr("ivr.calls.hearing.ear_for_answers", deaf)
    heard = listen(office.services, Spoke(words))
    assert isinstance(heard, Spoke)
    assert heard.danger == UNJUDGED


def test_what_is_said_in_a_long_story_is_heard(office: Office) -> None:
    story = "well I was at the store and then my sister called about the weekend and the weather was nice " * 20
    caller = at_menu(office)
    caller.says(f"{story} {GRAVE} {story}"[:9000])
    assert caller.leg.pending_key == "danger"


def test_keys_and_silence_are_nothing_to_hear(office: Office) -> None:
    caller = at_menu(office)
    caller.presses("2")
    assert caller.leg.pending_key == "identity/seen/0"


def test_the_same_words_are_heard_alike_again(office: Office) -> None:
    assert listen(office.services, Spoke(GRAVE)) == listen(office.services, Spoke(GRAVE))


def test_a_zip_code_in_figures_is_no_illness_where_one_is_asked_for(office: Office) -> None:
    caller = at_menu(office)
    caller.plays("21")
    caller.presses("02291988")
    caller.says("32382")
    assert kept(office, caller, "32382").danger == CALM
    assert caller.leg.pending_key.startswith("identity/name/")


def test_an_illness_beside_a_zip_code_is_heard(office: Office) -> None:
    caller = at_menu(office)
    caller.plays("21")
    caller.presses("02291988")
    caller.says("32382 and my chest hurts")
    assert kept(office, caller, "32382 and my chest hurts").danger != CALM
    assert not caller.leg.pending_key.startswith("identity/")


ILL_IN_UNKNOWN_WORDS = (
    "I'm hemorrhaging",
    "convulsions",
    "heroin",
    "tied a noose",
    "me desmayo",
    "ahorcarme",
    "disnea",
)


def at_zip(office: Office) -> Party:
    caller = at_menu(office)
    caller.plays("21")
    caller.presses("02291988")
    assert caller.leg.pending_key.startswith("identity/zip/")
    return caller


def at_name(office: Office) -> Party:
    caller = at_zip(office)
    caller.says("32382")
    assert caller.leg.pending_key.startswith("identity/name/")
    return caller


@pytest.mark.parametrize("words", ILL_IN_UNKNOWN_WORDS)
@pytest.mark.parametrize("at", [at_zip, at_name])
def test_an_illness_in_words_that_the_ear_never_learned_is_heard_where_an_item_is_asked_for(
    office: Office, at: Callable[[Office], Party], words: str
) -> None:
    caller = at(office)
    caller.says(words)
    assert kept(office, caller, words).danger in (ILL, SUSPECT, EMERGENT)


@pytest.mark.parametrize(
    ("keys", "words"),
    [((), "I'm not well"), (("1",), "my name is Ana I'm not well"), (("1", "02291988"), "60601 and we are not okay")],
)
def test_that_somebody_is_not_well_is_an_illness_where_an_item_is_asked_for(
    office: Office, keys: tuple[str, ...], words: str
) -> None:
    caller = at_menu(office)
    for key in ("2", *keys):
        caller.presses(key)
    assert "identity" in caller.leg.pending_key
    caller.says(words)
    assert kept(office, caller, words).danger in (ILL, SUSPECT, EMERGENT)
    assert "identity" not in caller.leg.pending_key


def test_a_name_is_no_illness_where_one_is_asked_for(office: Office) -> None:
    caller = at_name(office)
    caller.says("Beatriz Okoye")
    assert kept(office, caller, "Beatriz Okoye").danger == CALM


def test_an_ear_that_fails_between_hearing_and_setting_aside_leaves_the_danger(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = at_name(office)
    whole = hearing.ear_for_answers
    opened: list[int] = []

    def fails_later(settings: Settings, now: datetime) -> Ear:
        opened.append(1)
        if len(opened) > 1:
            raise OSError("the file has gone")
        return whole(settings, now)

    monkeypatch.setattr(hearing, "ear_for_answers", fails_later)
    caller.says("Beatriz Okoye")
    assert len(opened) == 2
    assert kept(office, caller, "Beatriz Okoye").danger != CALM
