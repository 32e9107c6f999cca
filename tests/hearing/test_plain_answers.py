"""What answers hold beside the item that was asked for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.prompts import languages
from callflows.prompts.dates import say_date
from ivr.hearing.clinical_stems import is_clinical
from ivr.hearing.ear import Ear
from ivr.hearing.held_out import HeldOut
from ivr.hearing.plain_answers import NAME, is_code, rest_of

ILL = (
    *("I'm hemorrhaging", "I'm paralyzed", "I'm fainting", "cardiac arrest", "convulsions", "tachycardia"),
    *("palpitations", "heroin", "I'm poisoned", "I'm miscarrying", "anaphylactic", "embolism", "tied a noose"),
    *("me desmayo", "se atraganta", "convulsión", "hemorragia", "asfixiándome", "ahorcarme", "me mato", "disnea"),
    *("apendicitis", "my name is Ana hemorrhaging", "thromboembolism", "my name is overdosed"),
    *("me dispararon", "Evelyn Carter me dispararon", "rompí aguas", "soy María Rodríguez y rompí aguas", "herido"),
    *("me acuchillaron", "me balearon", "inconciente", "mordida", "agonizando", "pujando", "atorado", "aventarme"),
    *("bluish", "breathless", "gagging", "crowning", "flatlining", "wounded", "rattlesnake", "ruptured", "lopsided"),
)
_NAMES = """
James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica
Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Margaret Donald Ashley Steven
Kimberly Andrew Emily Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah Timothy
Stephanie Ronald Rebecca Jason Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Muriel Violet Viola Brady Cian Renaldo
Gaspar Dolores Angela Angelina Stella Asma Hang Noemi Faith Grace Hope Melanie Matilde Mateo Matias Smith Johnson
Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Martin Lee Thompson White Harris Clark Lewis
Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Burns
Payne Fields Shotwell Hinchey Parks Stone Cutler Strickland Bleeker Seitz Chokshi Swanson Crosby
José Juan Luis Carlos Jorge Pedro Manuel Miguel Alejandro Francisco María Guadalupe Carmen Rosa Ana Juana Lucía Sofía
Isabel Valentina Camila Ximena Daniela Gabriela Mariana Fernanda Ricardo Eduardo Roberto Sergio Raúl Arturo Enrique
Alberto Gerardo Beatriz Consuelo Socorro Mercedes Pilar Soledad Remedios Amparo Violeta García Martínez Rodríguez López
Hernández González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz Morales Ortiz Gutiérrez Chávez Ramos Ruiz
Mendoza Álvarez Castillo Jiménez Vásquez Moreno Herrera Medina Aguilar Vargas Cortez Cortés Peralta Matos Mata Mora
Muriel Melendez Quintero Sangster Paredes Arredondo Abreu Benítez Venegas Venancio
"""
NAMES = _NAMES.split()


def is_plain(words: str) -> bool:
    return not rest_of(words, "date_of_birth", "en-US")


def may_be_name(ear: Ear, words: str) -> bool:
    return not rest_of(words, NAME, "en-US", ear.classifier.vocabulary.places)


@pytest.mark.parametrize(
    "words",
    [
        *("60614", "six oh six one four", "312-555-0142", "March 14th, 1980", "el 14 de marzo de 1980", "M 440 187"),
        *("my zip code is 60614", "mi número es 440187", "yes it is March third"),
    ],
)
def test_numbers_and_days_tell_nothing(words: str) -> None:
    assert is_plain(words)


@pytest.mark.parametrize(
    "words",
    [
        *("Beatriz Okoye", "my name is Lucía Herrera", "me llamo Beatriz Okoye", "J, A, N, E, Rodríguez"),
        *("Rosa Diaz", "my name is Sam Gray", "soy Carmen Flores"),
        "Evelyn Rodriguez, March fourteenth 1980, six oh six one four",
    ],
)
def test_a_name_tells_nothing_where_one_is_asked_for(ear: Ear, words: str) -> None:
    assert may_be_name(ear, words)
    assert not is_plain(words)


@pytest.mark.parametrize(
    "words",
    [
        *("", "?", "chest pain", "60614 and I have chest pain", "help", "he fell in March", "Ana Okoye is bleeding"),
        *("no", "911", "nine one one", "911 911", "9-1-1 9-1-1", "nueve once nueve once", "胸", "'", *ILL),
    ],
)
def test_any_word_of_an_illness_may_tell_of_one(ear: Ear, words: str) -> None:
    assert not is_plain(words)
    assert words == "胸" or not may_be_name(ear, words)


def test_common_names_hold_no_stem_of_an_illness() -> None:
    assert len(set(NAMES)) >= 200
    # A cry for help, which is no name to take for granted.
    assert [name for name in NAMES if is_clinical(name)] == ["Socorro"]


@given(st.dates(date(1890, 1, 1), date(2099, 12, 31)), st.sampled_from(languages()))
def test_no_day_tells_of_an_illness(day: date, language: str) -> None:
    assert is_plain(say_date(day, language))


@pytest.mark.parametrize("of", ["held_out", "second"])
def test_no_sentence_of_an_illness_is_taken_for_a_name_or_a_number(
    ear: Ear, of: str, request: pytest.FixtureRequest
) -> None:
    known: HeldOut = request.getfixturevalue(of)
    ill = [one.text for one in known.sentences if one.kind in ("emergent", "clinical")]
    assert len(ill) > 100
    assert [text for text in ill if may_be_name(ear, text) or is_code(text, "en-US") or is_code(text, "es-US")] == []


@pytest.mark.parametrize(
    "words", ["I have 104", "tengo 40 de", "402179 and my chest hurts", "402179 help", "911", "no"]
)
def test_what_may_be_more_than_a_code_is_left_to_the_ear(words: str) -> None:
    assert not is_code(words, "en-US")


@pytest.mark.parametrize(
    ("words", "item", "rest"),
    [
        ("heart attack 6 0 6 0 1", "zip", "heart attack"),
        ("my zip code is 60601 stroke", "zip", "stroke"),
        ("catorce de marzo de 1980 me muero", "date_of_birth", "muero"),
        ("Maria Rodriguez bleeding", NAME, "bleeding"),
        ("the code is 123456 seizure", "code", "seizure"),
        ("it's for my mother she can't breathe", "whom", "she can't breathe"),
        ("911 my zip code is 60601", "zip", "911 my zip code is 60601"),
        ("otra persona", "whom", ""),
        ("it's for my mother please", "whom", ""),
        ("no, it's for my son", "whom", ""),
        ("my baby isn't well", "whom", "isn't well"),
        ("my baby my baby", "whom", "my baby my baby"),
        ("please my baby please", "whom", "please"),
        ("mi bebé no es el mismo", "whom", "mismo"),
        ("sí es correcto, ayúdeme", "confirm", "ayúdeme"),
        ("yes that's right I'm not okay", "confirm", "not"),
        ("yes that's right", "confirm", ""),
        ("seis cero seis cero ocho, ayúdeme", "zip", "ayúdeme"),
        ("60608 por favor", "zip", ""),
        ("please help", "zip", "help"),
        ("I don't know", "mrn", ""),
        ("un momento", NAME, ""),
        ("I don't have a code I fell", "code", "fell"),
        ("Dolores Ruiz", NAME, ""),
        ("Lucía Herrera dolores", NAME, "dolores"),
    ],
)
def test_what_is_said_beside_the_item_is_left(ear: Ear, words: str, item: str, rest: str) -> None:
    assert rest_of(words, item, "en-US", ear.classifier.vocabulary.places) == rest
