"""The record of a call: for the pages, for whoever is paged, and for the command line."""

from __future__ import annotations

from ivr.call_records import call_record_page, reading
from ivr.core.feature import Feature

FEATURE = Feature(
    name="call_records",
    call_record=reading.read_record_of,
    pages=(call_record_page.blueprint,),
    # What was said in a call is for as few as may listen to it (``play-call``); clinicians have their own door.
    permissions={"call-record": frozenset({"supervisor", "compliance"})},
)
