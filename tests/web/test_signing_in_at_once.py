"""Many sign in at the same moment, with right secrets and wrong ones: every guess counts, and all are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from ivr.accounts.roles import ROLES
from ivr.accounts.tables import account_session, sign_in_failure
from ivr.accounts.throttle import SOURCE
from ivr.audit.tables import audit_row
from ivr.audit.verify import verify
from ivr.oncall.tables import clinician_session, page
from tests.races.threads import at_once
from tests.web.line import PASSWORD, PIN, Browser, Line

WRONG = "another six words in a row"
WRONG_PIN = "914703"
NAMES = tuple(sorted(ROLES))


def ready(line: Line, number: int = 1) -> Browser:
    """A browser in a network of its own, which has seen the form."""
    browser = line.client()
    browser.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
    return browser


def signs_in(browser: Browser, name: str, password: str = PASSWORD) -> Callable[[], int]:
    return lambda: browser.sign_in(name, password).status_code


def outcomes(line: Line, action: str) -> Counter[str]:
    return Counter(row.outcome for row in line.rows(audit_row, action=action))


def require_whole_trail(line: Line) -> None:
    with line.database.read() as connection:
        assert verify(connection).sound


@pytest.mark.parametrize("guesses", [2 * SOURCE.free])
def test_of_guesses_at_one_account_no_more_are_looked_at_than_cost_nothing(any_line: Line, guesses: int) -> None:
    at_once(*[signs_in(ready(any_line), "supervisor", WRONG) for _ in range(guesses)])
    assert outcomes(any_line, "sign-in") == {"denied": SOURCE.free, "too-early": guesses - SOURCE.free}
    assert {row.failures for row in any_line.rows(sign_in_failure)} == {SOURCE.free}
    require_whole_trail(any_line)


def test_a_right_password_among_guesses_from_elsewhere_is_let_in(any_line: Line) -> None:
    guesses = [signs_in(ready(any_line), "supervisor", WRONG) for _ in range(SOURCE.free)]
    rights = [signs_in(ready(any_line, number), "supervisor") for number in (2, 3, 4)]
    answers = at_once(*guesses, *rights)
    assert answers == [403] * SOURCE.free + [303] * 3
    assert len(any_line.rows(account_session)) == 3
    # What is left is what the guesses cost: their source, their network, and the account everywhere.
    assert [row.failures for row in any_line.rows(sign_in_failure) if row.failures] == [SOURCE.free] * 3
    require_whole_trail(any_line)


def test_people_and_clinicians_who_sign_in_and_out_at_once_wait_for_nobody_who_waits_for_them(any_line: Line) -> None:
    any_line.ill_caller()
    path = f"/oncall/{any_line.one(page).token}"
    people = [signs_in(ready(any_line, number), name) for number, name in enumerate(NAMES)]
    clinicians = [partial(opens, ready(any_line, 100 + number), path, PIN) for number in range(2)]
    guesses = [partial(opens, ready(any_line, 200 + number), path, WRONG_PIN) for number in range(2)]
    leaving = [any_line.client(name) for name in ("compliance", "supervisor")]
    answers = at_once(*people, *clinicians, *guesses, *[partial(leaves, browser) for browser in leaving])
    assert answers == [303] * len(people) + [303] * 2 + [403] * 2 + [303] * 2
    assert len(any_line.rows(account_session)) == len(people)
    assert len(any_line.rows(clinician_session)) == 2
    require_whole_trail(any_line)


def opens(browser: Browser, path: str, digits: str) -> int:
    return browser.post(path, pin=digits).status_code


def leaves(browser: Browser) -> int:
    return browser.post("/sign-out", form="/calls").status_code
