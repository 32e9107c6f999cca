"""The log of answers during an upgrade: processes that write either form share one call."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from callflows.vocabulary import Pressed
from ivr.calls.log import answers_to, append, open_answer
from ivr.core.unit_of_work import transaction
from tests.calls.office import Office, Party


def write_answers(office: Office, form: str) -> None:
    """From now on answers are written in this form, as by a process that was started with the setting."""
    office.services.settings = replace(office.services.settings, answer_log=form)


def logged(office: Office, caller: Party) -> list[Any]:
    """The rows of the caller's leg, opened."""
    cipher, practice = office.services.cipher, caller.leg.practice_id
    return [json.loads(open_answer(cipher, practice, row.leg_id, row.step, row.answer_sealed)) for row in caller.log]


def test_unless_told_otherwise_rows_are_those_that_the_release_before_reads(office: Office) -> None:
    caller = office.dialled()
    caller.plays("122")
    assert caller.leg.pending_kind == "Wait"
    assert ["Pressed", "1"] in logged(office, caller)
    assert all(isinstance(row, list) for row in logged(office, caller))


def test_rows_hold_names_once_the_installation_is_told_so(office: Office) -> None:
    write_answers(office, "by-name")
    caller = office.dialled()
    caller.plays("122")
    assert caller.leg.pending_kind == "Wait"
    assert {"Pressed": {"digits": "1"}} in logged(office, caller)
    assert all(isinstance(row, dict) for row in logged(office, caller))


def test_a_call_goes_on_over_rows_of_both_forms(office: Office) -> None:
    alone = office.dialled()
    alone.plays("122")
    caller = office.dialled(from_="+13125550198")
    for form, key in (("by-name", "1"), ("by-position", "2"), ("by-name", "2")):
        write_answers(office, form)
        caller.presses(key)
    assert {type(row) for row in logged(office, caller)} == {dict, list}
    assert (caller.leg.flow, caller.leg.pending_key) == (alone.leg.flow, alone.leg.pending_key)
    assert caller.heard.words == alone.heard.words
    assert office.alerts() == []


def test_the_last_answer_to_a_request_counts_however_the_rows_lie(office: Office) -> None:
    caller = office.dialled()
    leg, step = caller.leg, len(caller.log)
    with transaction(office.services) as work:
        work.connection.exec_driver_sql("PRAGMA reverse_unordered_selects = ON")
        for later, digits in ((9, "2"), (8, "1")):
            append(work, leg, step + later, "asked/twice", Pressed(digits))
        assert answers_to(work, leg, ["asked/twice"]) == {"asked/twice": Pressed("2")}
        work.connection.exec_driver_sql("PRAGMA reverse_unordered_selects = OFF")
