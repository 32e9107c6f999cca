"""Readings of meters in callers' words: the value decides, in digits or in words, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.meter_limits import LIMITS, in_fahrenheit
from ivr.hearing.meters import find_alarm, readings


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("my sugar is 38", "diabetes"),
        ("my blood sugar when i woke up was fifty two", "diabetes"),
        ("my sugar's five hundred and twelve", "diabetes"),
        ("38 blood sugar and falling", "diabetes"),
        ("tengo el azúcar en treinta y uno", "diabetes"),
        ("azúcar en 450", "diabetes"),
        ("temperature 104", "infection"),
        ("she has a one oh four point two fever", "infection"),
        ("tiene cuarenta de fiebre", "infection"),
        ("la temperatura le subió a cuarenta coma cinco", "infection"),
        ("my temp is ninety four", "infection"),
        ("oxygen 82", "breathing"),
        ("her oxygen's reading seventy-nine percent", "breathing"),
        ("el oxígeno lo tiene en ochenta y cinco", "breathing"),
        ("blood pressure 210 over 120", "heart"),
        ("it's two ten over one twenty", "heart"),
        ("210/120 what do i do", "heart"),
        ("la presión en doscientos con ciento diez", "heart"),
        ("traigo la presión uno noventa sobre uno diez", "heart"),
        ("his bp is seventy over forty", "heart"),
        ("my heart rate is 170", "heart"),
        ("el pulso está en ciento sesenta", "heart"),
        ("pulse thirty five", "heart"),
        ("i'm pregnant and my blood pressure is 165 over 95", "pregnancy"),
        ("my three week old has a fever of 100.5", "infant"),
        ("mi bebé de dos meses tiene 38.5 de temperatura", "infant"),
        ("recién nacido con temperatura de treinta y ocho", "infant"),
    ],
)
def test_a_reading_past_its_limit_is_asked_about(said: str, group: str) -> None:
    alarm = find_alarm(said)
    assert alarm is not None
    assert alarm.group == group


@pytest.mark.parametrize(
    "said",
    [
        "my sugar was 260 this morning",
        "my pressure was 150 over 95",
        "mi presión salió en 150 con 85",
        "he has a fever of 101",
        "tiene treinta y ocho y medio de calentura",
        "my oxygen is 94",
    ],
)
def test_a_reading_that_is_out_of_order_goes_to_the_nurse_and_no_further(said: str) -> None:
    alarm = find_alarm(said)
    assert alarm is not None
    assert alarm.group == ""


@pytest.mark.parametrize(
    "said",
    [
        "my sugar is 98",
        "120 over 80",
        "my temperature is ninety eight point six",
        "la presión en 120 con 70",
        "my oxygen is 98 percent",
        "i've had sugar trouble for 30 days",
        "i checked my sugar once",
        "refill my test strips, i check my sugar 4 times",
        "i'm 45 and i have sugar",
        "i use 2 liters of oxygen",
        "are you open 24/7",
        "my appointment for the blood pressure check is at ten",
        "20 units for my sugar",
        "",
    ],
)
def test_what_is_no_reading_past_a_limit_says_nothing(said: str) -> None:
    assert find_alarm(said) is None


@given(st.integers(15, 1500))
def test_only_the_limits_of_the_table_decide(value: int) -> None:
    limits = LIMITS["glucose"]
    alarm = find_alarm(f"my sugar is {value}")
    assert (alarm is not None and alarm.group == "diabetes") == (value < limits.ask[0] or value >= limits.ask[1])
    assert (alarm is not None) == (value < limits.nurse[0] or value >= limits.nurse[1])


@given(st.integers(60, 250), st.integers(30, 140))
def test_a_pressure_is_read_in_every_form_alike(upper: int, lower: int) -> None:
    forms = (f"{upper} over {lower}", f"{upper}/{lower}", f"blood pressure {upper} and {lower}")
    found = {tuple((one.meter, one.value) for one in readings(form, "en")) for form in forms if upper > lower}
    assert found == ({(("systolic", upper), ("diastolic", lower))} if upper > lower else set())


@given(st.text(max_size=60))
def test_no_words_break_the_reader(text: str) -> None:
    find_alarm(text)


def test_every_limit_has_a_source_and_asks_past_the_nurse() -> None:
    for limits in LIMITS.values():
        assert limits.source
        assert limits.ask[0] <= limits.nurse[0]
        assert limits.nurse[1] <= limits.ask[1]


def test_degrees_of_both_scales_are_one_temperature() -> None:
    assert (in_fahrenheit(40), in_fahrenheit(104), in_fahrenheit(38)) == (104, 104, 100.4)
