"""What a party hears who waits in the queue, is held, or is alone or left in a talk; and keys pressed in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Response

from callflows.dialogues.company import News, words_for_key
from callflows.vocabulary import Pressed, Wait
from ivr.calls import conversation, told
from ivr.calls.conversation import Position
from ivr.calls.hearing import listen
from ivr.core.unit_of_work import Work
from ivr.core.urls import Urls
from ivr.core.web_app import services
from ivr.oncall.caller_gone import say_gone
from ivr.oncall.pages import read_rings
from ivr.queue.announcements import read_news
from ivr.twilio.parameters import VoiceRequest
from ivr.webhooks.guard import leg_transaction, party_transaction, signed, twiml
from ivr.webhooks.twiml import answers, render
from ivr.webhooks.voice import renderer, voice


@voice.post("/leg/<leg_id>/<int:step>/wait")
@signed("CallSid")
def wait(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """What a waiting caller hears; a leave where the wait of this step is over."""
    with leg_transaction(leg_id, fields) as work:
        position = conversation.resume_flow(work, leg_id)
        if position.step != step or not isinstance(position.request, Wait):
            return twiml(render.leave())
        words = told.tell_wait(work, position, position.request, _read_news(work, position))
        return twiml(renderer(position).wait(words))


@voice.post("/leg/<leg_id>/<int:step>/wait-key")
@signed("CallSid")
def wait_key(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """A key or words while waiting. What they mean is up to the flow, as in ``callflows/dialogues/people.py``.

    What ends the wait is answered with a leave. Twilio then asks for what follows, of ``queue`` in ``voice.py``.
    What means nothing is answered with words.
    """
    given = listen(services(), answers.gathered(VoiceRequest.read(fields)))
    with leg_transaction(leg_id, fields) as work:
        position = conversation.answer_wait(work, leg_id, step, given)
        if position.step != step or not isinstance(position.request, Wait):
            return twiml(render.leave())
        if isinstance(given, Pressed):
            return twiml(renderer(position).wait(words_for_key(position.request, _read_news(work, position))))
        return twiml(
            renderer(position).wait(told.tell_wait(work, position, position.request, _read_news(work, position)))
        )


@voice.post("/hold/<leg_id>")
@signed("CallSid")
def hold(fields: Mapping[str, str], leg_id: str) -> Response:
    """What a party hears who is held or alone."""
    with party_transaction(leg_id, fields) as work:
        words = told.tell_hold(work, leg_id)
    return twiml(render.hold(words, Urls(services().settings.public_url).hold(leg_id)))


@voice.post("/gone/<leg_id>")
@signed("CallSid")
def gone(fields: Mapping[str, str], leg_id: str) -> Response:
    """What is announced to somebody in a talk whom the patient's side has left."""
    with party_transaction(leg_id, fields) as work:
        words = say_gone(work, leg_id)
    return twiml(render.announcement(words))


def _read_news(work: Work, position: Position) -> News:
    """What can be told of the wait: of agents by the queue, of clinicians by who is on call."""
    news = read_news(work, position)
    return news if news.rings else replace(news, rings=read_rings(work, position.call_id))
