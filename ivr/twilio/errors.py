"""What can come of asking Twilio for something.

The text of these errors holds a status, Twilio's error code and nothing else: Twilio's own messages quote
telephone numbers. Nothing is retried here; the outbox retries, because only it knows what was already done.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

FIRST_DELAY = 0.1
LONGEST_DELAY = 30.0
TRIES = 12
_JITTER = 0.1

NOT_IN_PROGRESS = 21220
NOT_FOUND = 20404
UNAUTHORISED = 20003
MAX_CHECKS, MAX_SENDS = 60202, 60203
"""Of one code of Verify's, and of codes to one number: told with 429, and no better when asked again."""
_TEMPORARY_CODES = frozenset({20429, 20500, 20503, 20504})
_HARMLESS_METHODS = frozenset({"GET", "HEAD"})


class TwilioError(Exception):
    """Any answer of Twilio's that is not what was asked for."""


class PartyGone(TwilioError):
    """The call, participant or recording is not there any more (404), or not in progress (21220).

    Normal whenever people hang up. 21220 is also given for a moment after a call was answered: a caller that has
    just seen ``in-progress`` may try once more within half a second.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"party gone ({code})")
        self.code = code


class TemporaryFailure(TwilioError):
    """It may work later. ``retry_after`` is in seconds, where Twilio named it.

    ``may_have_happened`` is true where a request that changes something was sent and its fate is unknown:
    reconcile before trying again.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, may_have_happened: bool = False) -> None:
        super().__init__(f"temporary failure ({reason})")
        self.reason = reason
        self.retry_after = retry_after
        self.may_have_happened = may_have_happened


class PermanentFailure(TwilioError):
    """It will never work as asked; ``code`` is Twilio's error code, or the HTTP status where there is none."""

    def __init__(self, code: int | str) -> None:
        super().__init__(f"permanent failure ({code})")
        self.code = code


class Misconfigured(TwilioError):
    """Account, credentials or address are wrong: nothing will work until someone corrects the settings."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A refusing response, reduced to what may be known about it."""

    method: str
    status: int
    code: int | None = None
    retry_after: float | None = None


def error_for(failure: Failure) -> TwilioError:
    """Which error a refusing response is (Twilio: "Error and warning dictionary")."""
    code, status = failure.code or failure.status, failure.status
    if status == 401 or code == UNAUTHORISED:
        return Misconfigured(f"Twilio refused the credentials ({code}); check TWILIO_ACCOUNT_SID and its secret")
    if code in (NOT_IN_PROGRESS, NOT_FOUND) or status == 404:
        return PartyGone(code)
    if code in (MAX_CHECKS, MAX_SENDS):
        return PermanentFailure(code)
    if status == 429 or code == 20429:
        return TemporaryFailure(str(code), retry_after=failure.retry_after)
    if status in (408, 425) or status >= 500 or code in _TEMPORARY_CODES:
        unsure = failure.method not in _HARMLESS_METHODS
        return TemporaryFailure(str(code), retry_after=failure.retry_after, may_have_happened=unsure)
    return PermanentFailure(code)


def next_delay(attempt: int, rng: random.Random, *, tries: int = TRIES) -> float | None:
    """Seconds to wait after failed attempt number ``attempt`` (from 1), or None when ``tries`` are used up.

    Doubles from 100 ms, with 10 % jitter to either side, at most 30 s (Twilio: "REST API best practices").
    A longer ``retry_after`` outranks it.
    """
    if attempt >= tries:
        return None
    delay = FIRST_DELAY * 2.0 ** min(attempt - 1, 20)
    return min(LONGEST_DELAY, delay * rng.uniform(1 - _JITTER, 1 + _JITTER))
