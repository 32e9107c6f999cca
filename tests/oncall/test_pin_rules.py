"""PINs that people choose first are refused; the others are not."""

from __future__ import annotations

import random

import pytest

from ivr.oncall.pin_rules import UnfitPin, refuse_unfit

COMMON = (
    "123456", "654321", "012345", "987654", "890123", "246802", "135791", "864208", "0123456789",
    "111111", "777777", "000000", "121212", "232323", "112211", "100000", "123123", "456456", "12341234", "20202020",
    "112233", "445566", "998877", "101112", "102030", "131415", "010190", "311299", "123199", "991231", "202612",
    "147258", "258369", "159753", "147852", "789456", "123789", "321456", "753951", "951357", "147369", "123654789",
    "24121985", "12241985", "19851224", "20010911",
)  # fmt: skip


@pytest.mark.parametrize("digits", COMMON)
def test_a_pin_that_people_choose_first_is_refused_and_not_repeated(digits: str) -> None:
    with pytest.raises(UnfitPin, match="too easy to guess") as refusal:
        refuse_unfit(digits)
    assert digits not in str(refusal.value)


@pytest.mark.parametrize(
    "digits", ["", "12", "91470", "9147039147039", "abcdef", "\u0663\u0664\u0665\u0669\u0661\u0667", "91 470"]
)
def test_a_pin_is_six_to_twelve_plain_digits(digits: str) -> None:
    with pytest.raises(UnfitPin, match="6 to 12 digits"):
        refuse_unfit(digits)


@pytest.mark.parametrize("digits", ["555014", "550143", "5550143", "0155501430"])
def test_a_pin_is_no_part_of_the_person_s_own_number(digits: str) -> None:
    refuse_unfit(digits)
    with pytest.raises(UnfitPin, match="your telephone number"):
        refuse_unfit(digits, ["+13125550143"])


def test_most_numbers_may_be_a_pin() -> None:
    chance, refused = random.Random(1), 0
    for _ in range(2000):
        try:
            refuse_unfit(f"{chance.randrange(10**6):06d}")
        except UnfitPin:
            refused += 1
    assert refused < 2000 * 0.15
