"""Callbacks: news of legs, conferences, recordings and texts. They may come late, twice, out of order or never.

News that is about another call, recording or text than the one in its address changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response

from ivr.calls import conference, going_on, legs
from ivr.codes import texts as codes
from ivr.core.unit_of_work import Work, transaction
from ivr.core.web_app import services
from ivr.oncall import texts
from ivr.recordings import capture
from ivr.responsibility import dialled_house
from ivr.twilio.parameters import ConferenceEvent, MessageCallback, RecordingCallback, StatusCallback
from ivr.webhooks.guard import noted, signed
from ivr.webhooks.twiml import answers

callbacks = Blueprint("callbacks", __name__, url_prefix="/voice")


@callbacks.post("/status")
@signed("CallSid")
def number_status(fields: Mapping[str, str]) -> Response:
    """News of a call to one of our numbers."""
    news = StatusCallback.read(fields)
    with transaction(services()) as work:
        row = legs.find_by_sid(work, news.call_sid or "")
        if row is not None:
            _note_status(work, row.id, news)
    return noted()


@callbacks.post("/leg/<leg_id>/status")
@signed("CallSid")
def leg_status(fields: Mapping[str, str], leg_id: str) -> Response:
    """News of a leg that we rang."""
    news = StatusCallback.read(fields)
    with transaction(services()) as work:
        row = legs.find(work, leg_id)
        present = going_on.find_present(work, row) if row is not None else None
        if present is not None and legs.claim(work, present.id, news.call_sid):
            _note_status(work, present.id, news)
    return noted()


@callbacks.post("/conference/<call_id>")
@signed("ConferenceSid")
def conference_event(fields: Mapping[str, str], call_id: str) -> Response:
    """Who joined or left a call's conference."""
    with transaction(services()) as work:
        conference.note_event(work, call_id, ConferenceEvent.read(fields))
    return noted()


@callbacks.post("/recording/<recording_id>")
@signed("RecordingSid", "CallSid")
def recording_status(fields: Mapping[str, str], recording_id: str) -> Response:
    """A recording is ready, or there is none."""
    news = RecordingCallback.read(fields)
    with transaction(services()) as work:
        if capture.may_be(work, recording_id, news):
            capture.note_status(work, recording_id, news)
    return noted()


@callbacks.post("/message/<page_id>")
@signed("MessageSid")
def message_status(fields: Mapping[str, str], page_id: str) -> Response:
    """How a text to a clinician fares."""
    news = MessageCallback.read(fields)
    with transaction(services()) as work:
        texts.note_status(work, page_id, news.message_sid, news.status, news.error_code)
    return noted()


@callbacks.post("/code/<code_id>")
@signed("MessageSid")
def code_status(fields: Mapping[str, str], code_id: str) -> Response:
    """How the text with a one-time code fares."""
    news = MessageCallback.read(fields)
    with transaction(services()) as work:
        codes.note_status(work, code_id, news.message_sid, news.status)
    return noted()


def _note_status(work: Work, leg_id: str, news: StatusCallback) -> None:
    if news.call_status in answers.GONE:
        dialled_house.note_call_over(work, leg_id, news.call_seconds, news.at)
    legs.note_status(work, leg_id, news.call_status or "", news.sequence_number)
