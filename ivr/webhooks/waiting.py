"""What a party hears who waits in the queue, is held, or is alone in a conference; and keys pressed in the queue."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from callflows.vocabulary import Pressed
from ivr.calls import conversation, legs
from ivr.calls.conversation import Position
from ivr.core.unit_of_work import Work
from ivr.core.urls import Urls
from ivr.core.web_app import services
from ivr.queue.announcements import announce_position
from ivr.twilio.parameters import VoiceRequest
from ivr.webhooks.guard import leg_transaction, party_transaction, signed, twiml
from ivr.webhooks.twiml import render
from ivr.webhooks.voice import renderer, voice


@voice.post("/leg/<leg_id>/<int:step>/wait")
@signed("CallSid")
def wait(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """What a waiting caller hears; a leave where the wait of this step is over."""
    with leg_transaction(leg_id, fields) as work:
        return _render_wait(work, conversation.resume_flow(work, leg_id), step)


@voice.post("/leg/<leg_id>/<int:step>/wait-key")
@signed("CallSid")
def wait_key(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """A key pressed while waiting. The flow that waits decides what it means, as in ``callflows/dialogues/people.py``.

    A key that ends the wait is answered with a leave. Twilio then asks for what follows, of ``queue`` in ``voice.py``.
    """
    key = Pressed(VoiceRequest.read(fields).digits or "")
    with leg_transaction(leg_id, fields) as work:
        return _render_wait(work, conversation.answer_wait_key(work, leg_id, step, key), step)


@voice.post("/hold/<leg_id>")
@signed("CallSid")
def hold(fields: Mapping[str, str], leg_id: str) -> Response:
    """What a party hears who is held or alone."""
    with party_transaction(leg_id, fields) as work:
        language = legs.language_of(work, leg_id)
    return twiml(render.hold(language, Urls(services().settings.public_url).hold(leg_id)))


def _render_wait(work: Work, position: Position, step: int) -> Response:
    if position.step != step:
        return twiml(render.leave())
    return twiml(renderer(position).wait(announce_position(work, position)))
