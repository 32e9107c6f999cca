"""Calls whose pages share one ring: each record tells every try, and who came."""

from __future__ import annotations

from callflows.call_record.record import CallRecord, find_gaps
from ivr.call_records.reading import read_record_of
from ivr.calls.tables import leg
from rehearsals.provisioning import PIN
from tests.calls.office import Office
from tests.oncall.test_rings import (
    FIRST,
    NEIGHBOUR,
    accepting,
    any_office,
    any_world,
    carry_out,
    ending,
    furnished_postgres,
    on_the_telephone,
    red_flag,
    rung,
)

__all__ = ["any_office", "any_world", "furnished_postgres"]


def record_of(office: Office, call_id: str) -> CallRecord:
    with office.services.database.read() as connection:
        record = read_record_of(connection, office.services.cipher, call_id)
    assert list(find_gaps(record)) == []
    return record


def tries(record: CallRecord) -> list[tuple[str, str, str]]:
    """Who was tried by telephone, whether they answered, and the end."""
    told = (tuple(map(str, row)) for row in record.part("Called").rows if row[2] == "telephone")
    return [(row[0], "" if row[4] == "not answered" else "answered", row[6]) for row in told]


def test_a_page_in_the_ring_of_another_call_is_a_try_by_telephone(any_office: Office) -> None:
    first = red_flag(any_office)
    any_office.passes(1)
    other = red_flag(any_office, NEIGHBOUR)
    ending(any_office, rung(any_office, FIRST)[0].id)()
    carry_out(any_office)
    assert tries(record_of(any_office, first))[0] == ("Dr Lee", "", "no accept in time; telephone failed")
    assert tries(record_of(any_office, other)) == [
        ("Dr Lee", "", "no accept in time; in a ring that had begun for another page; telephone not answered"),
        ("Dr Okafor", "", "not settled yet; in a ring that had begun for another page; telephone not answered"),
    ]


def test_whoever_accepts_another_call_in_one_ring_took_that_instead(any_office: Office) -> None:
    first = red_flag(any_office)
    any_office.passes(1)
    other = red_flag(any_office, NEIGHBOUR)
    clinician = on_the_telephone(any_office, rung(any_office, FIRST)[0].id)
    clinician.presses(PIN)
    assert accepting(any_office, rung(any_office, FIRST)[0].id)()
    carry_out(any_office)
    assert tries(record_of(any_office, first))[0][2].startswith("accepted; telephone")
    name, answered, end = tries(record_of(any_office, other))[0]
    assert (name, answered) == ("Dr Lee", "answered")
    assert end == "took another call instead; in a ring that had begun for another page; telephone answered"


def test_a_call_that_is_taken_by_a_leg_of_another_tells_who_came(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    caller.send("/voice/status", CallStatus="completed", SequenceNumber="0")
    any_office.passes(1)
    other = red_flag(any_office)
    ring = rung(any_office, FIRST)[0]
    on_the_telephone(any_office, ring.id).presses(PIN)
    taken = any_office.one(leg, leg.c.continues == ring.id)
    assert accepting(any_office, taken.id)()
    carry_out(any_office)
    record = record_of(any_office, other)
    name, answered, end = tries(record)[0]
    assert (name, answered) == ("Dr Lee", "answered")
    assert end.startswith("accepted; in a ring that had begun for another page")
    assert [row[0] for row in record.part("Came").rows] == ["Dr Lee"]
    assert tries(record_of(any_office, ring.call_id))[0][2].startswith("took another call instead; telephone")
