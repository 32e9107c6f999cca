"""States by ZIP code, and which state stands for a patient of whom less is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.directory.us_states import STATE_NAMES, state_code
from routing.licences import Licence
from routing.whereabouts import STATE_BY_PREFIX, STATE_BY_ZIP, place_to_tell, state_of_zip, state_to_ask_for

CAPITALS = (
    "36104 AL, 99801 AK, 85001 AZ, 72201 AR, 95814 CA, 80202 CO, 06103 CT, 19901 DE, 20001 DC, 32301 FL, 30303 GA, "
    "96813 HI, 83702 ID, 62701 IL, 46225 IN, 50309 IA, 66603 KS, 40601 KY, 70802 LA, 04330 ME, 21401 MD, 02201 MA, "
    "48933 MI, 55102 MN, 39205 MS, 65101 MO, 59623 MT, 68502 NE, 89701 NV, 03301 NH, 08608 NJ, 87501 NM, 12207 NY, "
    "27601 NC, 58501 ND, 43215 OH, 73102 OK, 97301 OR, 17101 PA, 02903 RI, 29217 SC, 57501 SD, 37219 TN, 78701 TX, "
    "84111 UT, 05602 VT, 23219 VA, 98507 WA, 25301 WV, 53703 WI, 82001 WY, 00901 PR, 00802 VI, 96910 GU, 96950 MP, "
    "96799 AS"
)
NIGHT = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
ILLINOIS = (Licence("MD", "IL", date(2027, 7, 31)),)


def test_the_capital_of_every_state_and_territory_is_in_it() -> None:
    pairs = [entry.split() for entry in CAPITALS.split(", ")]
    assert {state for _, state in pairs} == set(STATE_NAMES)
    assert [state_of_zip(code) for code, _ in pairs] == [state for _, state in pairs]


def test_a_prefix_is_in_one_state_and_every_state_is_one_that_has_a_name() -> None:
    assert all(len(prefix) == 3 for prefix in STATE_BY_PREFIX)
    assert all(len(code) == 5 for code in STATE_BY_ZIP)
    assert {*STATE_BY_PREFIX.values(), *STATE_BY_ZIP.values()} == set(STATE_NAMES)
    assert all(STATE_BY_PREFIX.get(code[:3]) != state for code, state in STATE_BY_ZIP.items())


@pytest.mark.parametrize(
    ("code", "state"), [("06390", "NY"), ("83414", "WY"), ("20588", "MD"), ("05501", "MA"), ("88595", "TX")]
)
def test_a_post_office_across_the_line_counts_for_its_own_state(code: str, state: str) -> None:
    assert state_of_zip(code) == state


@pytest.mark.parametrize(
    "code",
    [
        *("09012", "34002", "96201", "96601"),  # the armed forces
        *("96940", "96960", "96941"),  # Palau, the Marshall Islands, Micronesia
        *("56901", "00012", "99", "999999", "", "6060a", "٠٦٠٦٠", "-6060"),
        *("21300", "34300", "98700"),  # not assigned
    ],
)
def test_codes_that_tell_no_state_are_not_known(code: str) -> None:
    assert state_of_zip(code) is None


@given(st.text(max_size=6) | st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_whatever_is_typed_gives_a_state_that_has_a_name_or_none(typed: str) -> None:
    assert state_of_zip(typed) in {None, *STATE_NAMES}


def addresses(folder: Path) -> Iterator[tuple[str, str]]:
    for name in ("patients", "organizations", "practitioners"):
        for text in (folder / "synthea" / f"{name}.ndjson").read_text(encoding="utf-8").splitlines():
            for address in json.loads(text).get("address", ()):
                if address.get("postalCode"):
                    yield address["postalCode"][:5].zfill(5), address["state"]  # some were written as numbers


def test_addresses_of_real_towns_are_in_the_state_that_they_name(test_data: Path) -> None:
    found = set(addresses(test_data))
    assert len(found) > 100
    assert [one for one in found if state_of_zip(one[0]) != state_code(one[1])] == []


@pytest.mark.parametrize(
    ("said", "licensed", "state"),
    [
        (None, False, "IL"),
        (None, True, None),
        ("", False, None),
        ("", True, None),
        ("TX", False, "TX"),
        ("TX", True, "TX"),
    ],
)
def test_the_state_called_stands_for_the_patient_s_only_where_nobody_asked_and_no_licence_is_needed(
    said: str | None, licensed: bool, state: str | None
) -> None:
    assert state_to_ask_for(said, "IL", licensed=licensed) == state


@pytest.mark.parametrize(
    ("said", "called", "where"),
    [
        (None, "IL", ""),
        (None, "TX", "unasked"),
        ("IL", "IL", ""),
        ("IL", "TX", "elsewhere"),
        ("TX", "IL", "unlicensed"),
        ("TX", "TX", "unlicensed"),
        ("", "IL", "unknown"),
    ],
)
def test_a_clinician_is_told_whatever_is_not_as_usual(said: str | None, called: str, where: str) -> None:
    assert place_to_tell(said, called, ILLINOIS, NIGHT) == where


def test_a_licence_that_has_lapsed_is_none() -> None:
    assert place_to_tell("IL", "IL", ILLINOIS, datetime(2027, 8, 1, tzinfo=UTC)) == "unlicensed"


def test_the_licences_that_count_are_those_of_the_kinds_that_are_asked_for() -> None:
    dentist = (Licence("DMD", "IL", date(2027, 7, 31)),)
    assert place_to_tell("IL", "IL", dentist, NIGHT, ("DDS",)) == ""
    assert place_to_tell("IL", "IL", dentist, NIGHT) == "unlicensed"
    assert place_to_tell("IL", "IL", ILLINOIS, NIGHT, ("DDS",)) == "unlicensed"
