"""Refusals of Twilio's become four kinds of error; the delays between tries are bounded."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.twilio.errors import (
    Failure,
    Misconfigured,
    PartyGone,
    PermanentFailure,
    TemporaryFailure,
    TwilioError,
    error_for,
    next_delay,
)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure("POST", 400, 21220), PartyGone),
        (Failure("POST", 404, 20404), PartyGone),
        (Failure("GET", 404), PartyGone),
        (Failure("GET", 401), Misconfigured),
        (Failure("POST", 403, 20003), Misconfigured),
        (Failure("POST", 400, 21211), PermanentFailure),
        (Failure("POST", 403, 21215), PermanentFailure),
        (Failure("GET", 302), PermanentFailure),
        (Failure("POST", 429, 20429), TemporaryFailure),
        (Failure("POST", 429, 60202), PermanentFailure),
        (Failure("POST", 429, 60203), PermanentFailure),
        (Failure("POST", 429, 60212), TemporaryFailure),
        (Failure("POST", 403, 60410), PermanentFailure),
        (Failure("POST", 503, 20503), TemporaryFailure),
        (Failure("POST", 408), TemporaryFailure),
    ],
)
def test_each_refusal_has_its_kind(failure: Failure, kind: type[TwilioError]) -> None:
    assert type(error_for(failure)) is kind


@pytest.mark.parametrize(
    ("failure", "unsure"),
    [
        (Failure("POST", 429, 20429), False),
        (Failure("POST", 429), False),
        (Failure("POST", 500), True),
        (Failure("POST", 503, 20503), True),
        (Failure("DELETE", 502), True),
        (Failure("GET", 500), False),
    ],
)
def test_only_a_change_of_unknown_fate_may_have_happened(failure: Failure, unsure: bool) -> None:
    error = error_for(failure)
    assert isinstance(error, TemporaryFailure)
    assert error.may_have_happened is unsure


@given(method=st.sampled_from(["GET", "POST", "DELETE"]), status=st.integers(300, 599), code=st.none() | st.integers())
def test_every_refusal_is_some_error(method: str, status: int, code: int | None) -> None:
    assert isinstance(error_for(Failure(method, status, code)), TwilioError)


@given(attempt=st.integers(1, 2000), seed=st.integers(), tries=st.integers(1, 50))
def test_a_delay_is_bounded_and_so_are_the_tries(attempt: int, seed: int, tries: int) -> None:
    delay = next_delay(attempt, random.Random(seed), tries=tries)
    assert (delay is None) == (attempt >= tries)
    assert delay is None or 0.09 <= delay <= 30


@given(attempt=st.integers(1, 8), seed=st.integers())
def test_delays_double_from_100_ms_within_10_percent(attempt: int, seed: int) -> None:
    delay = next_delay(attempt, random.Random(seed))
    assert delay is not None
    exact = 0.1 * 2 ** (attempt - 1)
    assert 0.9 * exact <= delay <= 1.1 * exact


def test_the_same_seed_gives_the_same_delay() -> None:
    assert next_delay(3, random.Random(7)) == next_delay(3, random.Random(7))
