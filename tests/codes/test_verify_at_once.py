"""Several things about one code of Verify's at the same moment, in real threads."""

from __future__ import annotations

from functools import partial

from callflows.vocabulary import AwaitCode, Pressed, SendCode
from ivr.calls import legs
from ivr.codes.checking import check_given_code
from ivr.codes.sending import send_code
from ivr.codes.tables import one_time_code
from ivr.codes.verify import start_verification
from ivr.codes.verify_checks import check_given
from ivr.core.unit_of_work import in_transaction
from ivr.jobs.tables import outbox
from tests.calls.office import CALLER, Office, Party
from tests.codes.codes import asks_for_a_bill, code_in, level, newest, other_than, texts, tried
from tests.races.threads import at_once


def checks(office: Office, caller: Party) -> None:
    """Carry out the newest check, as one of several workers may."""
    found = max(office.rows(outbox, outbox.c.kind == "check_code"), key=lambda row: row.id)
    check_given(office.services, found)


def test_of_one_check_by_several_workers_at_once_one_outcome_is_left(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    caller.presses(code_in(texts(verified)[0]))
    at_once(*[partial(checks, verified, caller)] * 3)
    first = min(verified.rows(one_time_code), key=lambda row: row.made_at)
    # Verify approves once; whoever noted its answer first decides for the caller, and nobody is raised without it.
    assert (tried(verified)[2], first.state, level(verified, caller)) in (
        ("right", "used", "L2"),
        ("over", "expired", "L1"),
    )
    assert first.code_sealed is None


def test_wrong_codes_checked_by_several_workers_at_once_are_counted_once(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    caller.presses(other_than(code_in(texts(verified)[0])))
    at_once(*[partial(checks, verified, caller)] * 3)
    assert (newest(verified).wrong, tried(verified).count("wrong")) == (1, 1)
    assert caller.leg.pending_kind != AwaitCode.__name__


def test_a_check_and_the_end_of_the_wait_leave_one_outcome(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    caller.presses(code_in(texts(verified)[0]))
    action = caller.heard.url("action")

    def is_silent() -> None:
        caller.send(action)

    at_once(partial(checks, verified, caller), is_silent)
    assert (level(verified, caller), "right" in tried(verified)) in (("L2", True), ("L1", False))


def test_a_check_and_another_code_at_once_leave_one_outcome(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    caller.presses(code_in(texts(verified)[0]))

    def asks_anew() -> None:
        in_transaction(
            verified.services, lambda work: send_code(work, legs.lock(work, caller.leg.id), "code", SendCode())
        )

    at_once(partial(checks, verified, caller), asks_anew)
    raised = level(verified, caller) == "L2"
    assert raised == ("right" in tried(verified))
    assert [row.state for row in verified.rows(one_time_code)].count("used") == int(raised)


def test_two_starts_for_one_number_at_once_never_share_a_verification(verified: Office) -> None:
    first, second = asks_for_a_bill(verified), asks_for_a_bill(verified)
    starts = verified.rows(outbox, outbox.c.kind == "start_verification")
    at_once(*[partial(start_verification, verified.services, one) for one in starts])
    rows = verified.rows(one_time_code)
    known = [row.verification_sid for row in rows if row.verification_sid is not None]
    assert len(set(known)) == len(known) >= 1
    assert all(row.state == "sent" if row.verification_sid else row.state == "failed" for row in rows)
    code = code_in(texts(verified, CALLER)[-1])
    for caller in (first, second):
        in_transaction(
            verified.services,
            lambda work, leg=caller.leg.id: check_given_code(work, legs.lock(work, leg), Pressed(code)),
        )
    verified.world.settle()
    assert [row.state for row in verified.rows(one_time_code)].count("used") <= 1
