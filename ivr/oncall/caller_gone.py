"""Telling agent and clinician that the patient's side has gone.

Where the clinician has talked with them, both may have more to say to one another: it is announced into their talk,
which goes on. A clinician who has not is asked whether to ring them, and the agent is let go.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.prompts import Line, line
from callflows.vocabulary import CutShort, PersonLeft, WithPerson
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row
from ivr.calls.conversation import answer_and_redirect
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.oncall import rings
from ivr.twilio.errors import PartyGone

KIND = "announce_gone"
"""The outbox kind by which one of them hears it."""


def tell_caller_gone(work: Work, gone: Row[Any]) -> None:
    """Tell those who are left of a talk that the patient's side has gone.

    Whoever is left alone, and was not apart from a caller on hold, is told once they were alone for long enough.
    """
    left = _list_left(work, gone)
    several = len(left) > 1
    if several and all(row.role != rings.ROLE or talks.has_talked(work, row) for row in left):
        for row in left:
            outbox.put_item(work, KIND, row.id, call_id=gone.call_id, key=gone.id, urgency="emergent")
    elif several or gone.held:
        _take_out(work, gone.call_id)


def announce_gone(services: Services, item: Row[Any]) -> None:
    """Have Twilio say it to somebody in the talk. Whoever has left it by then is let be."""
    with transaction(services) as work:
        row = legs.lock(work, item.subject)
        conference = call_row(work, row.call_id).conference_sid
    if conference is None or row.twilio_sid is None or row.state == "ended" or not talks.is_bound(row):
        return
    try:
        address = Urls(services.settings.public_url).gone(row.id)
        services.twilio.announce_to_participant(conference, row.twilio_sid, address)
    except PartyGone:
        return


def say_gone(work: Work, leg_id: str) -> tuple[Line, ...]:
    """The words by which somebody in a talk hears that the patient's side has gone."""
    return (line("offer.ended", legs.language_of(work, leg_id)),)


def _list_left(work: Work, gone: Row[Any]) -> list[Row[Any]]:
    """Those of our own whom the patient's side has left with one another; nobody where somebody of it is there yet."""
    if gone.role not in ("caller", "patient") or legs.list_parties(work, gone.call_id, "caller"):
        return []
    return [row for row in talks.list_bound(work, gone.call_id, "staff") if row.outcome is None]


def _take_out(work: Work, call_id: str) -> None:
    """Tell them outside the talk. A clinician who has had no contact is asked whether to ring the patient."""
    for row in legs.list_parties(work, call_id, "staff"):
        short = row.role == rings.ROLE and not talks.has_talked(work, row)
        answer_and_redirect(work, row.id, CutShort("caller") if short else PersonLeft("caller"), WithPerson)
