"""Documents: what a leg hears next. Read the request, give the conversation its answer, render its position."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response
from sqlalchemy.exc import IntegrityError

from callflows.vocabulary import Answer, MessageLeft, Silence
from ivr.calls import conversation, going_on, incoming_calls, legs, talks
from ivr.calls.conversation import Position
from ivr.calls.hearing import listen
from ivr.core.unit_of_work import transaction
from ivr.core.urls import Urls
from ivr.core.web_app import services
from ivr.recordings.capture import message_id, note_message
from ivr.responsibility import dialled_house
from ivr.twilio.parameters import VoiceRequest
from ivr.webhooks.guard import leg_transaction, signed, twiml
from ivr.webhooks.twiml import answers, render

voice = Blueprint("voice", __name__, url_prefix="/voice")


@voice.post("/incoming")
@signed("CallSid", "From", "To")
def incoming(fields: Mapping[str, str]) -> Response:
    """Somebody dialled one of our numbers."""
    request = VoiceRequest.read(fields)
    try:
        return _render_arrival(request)
    except IntegrityError:
        # The same arrival was told twice at once, and the other telling wrote it down.
        return _render_arrival(request)


@voice.post("/leg/<leg_id>/<int:step>/document")
@signed("CallSid")
def document(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """A leg begins, or was redirected here."""
    with transaction(services()) as work:
        if going_on.has_gone_on(work, leg_id, fields["CallSid"]):
            return _render_main(conversation.resume_flow(work, leg_id))
        if not legs.claim(work, leg_id, VoiceRequest.read(fields).call_sid):
            return twiml(render.goodbye())
        legs.note_answered(work, leg_id)
        legs.note_arrival(work, leg_id)
        talks.note_arrival(work, leg_id)
        position = conversation.resume_flow(work, leg_id)
        legs.note_document_served(work, leg_id, position.step)
        return _render_main(position)


@voice.post("/leg/<leg_id>/<int:step>/answer")
@signed("CallSid")
def answer(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """Keys, speech or silence."""
    return _take_answer(leg_id, step, fields, answers.gathered)


@voice.post("/leg/<leg_id>/<int:step>/queue")
@signed("CallSid")
def queue(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """The leg left the queue. By our own redirect or leave it is a notification."""
    return _take_answer(leg_id, step, fields, answers.queue_ended, notifies=True)


@voice.post("/leg/<leg_id>/<int:step>/dial")
@signed("CallSid")
def dial(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """A Dial ended. By our own redirect it is a notification."""
    return _take_answer(leg_id, step, fields, answers.dial_ended, notifies=True)


@voice.post("/leg/<leg_id>/<int:step>/recorded")
@signed("CallSid")
def recorded(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """A message was recorded."""
    request = VoiceRequest.read(fields)
    recording_id = message_id(leg_id, step)
    with leg_transaction(leg_id, fields) as work:
        if request.recording_sid:
            note_message(work, legs.lock(work, leg_id).call_id, recording_id, request.recording_sid)
        left = MessageLeft(recording_id, request.recording_duration or 0) if request.recording_sid else Silence()
        return _render_main(conversation.answer_step(work, leg_id, step, left))


@voice.post("/leg/<leg_id>/<int:step>/screening")
@signed("CallSid", "ParentCallSid")
def fallback_prompt(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """The fallback number answered: a key, or no connection. It is a call of its own, which the leg dialled."""
    with leg_transaction(leg_id, fields, "ParentCallSid") as work:
        name = legs.line_name_of(work, leg_id)
        dialled_house.note_asked(work, leg_id)
    return twiml(render.fallback_prompt(name, Urls(services().settings.public_url).fallback_accepted(leg_id, step)))


@voice.post("/leg/<leg_id>/<int:step>/screened")
@signed("CallSid", "ParentCallSid")
def fallback_accepted(fields: Mapping[str, str], leg_id: str, step: int) -> Response:
    """The key was pressed: the empty document connects."""
    with leg_transaction(leg_id, fields, "ParentCallSid") as work:
        dialled_house.note_taken(work, leg_id)
        return twiml(render.nothing())


def _render_arrival(request: VoiceRequest) -> Response:
    with transaction(services()) as work:
        return _render_main(conversation.resume_flow(work, incoming_calls.open_call(work, request)))


def _take_answer(
    leg_id: str, step: int, fields: Mapping[str, str], read: answers.Reader, *, notifies: bool = False
) -> Response:
    request = VoiceRequest.read(fields)
    read_answer = read(request)
    given: Answer | None = None if read_answer is None else listen(services(), read_answer)
    with leg_transaction(leg_id, fields) as work:
        if notifies and request.dial_bridged:
            dialled_house.note_dial_over(work, leg_id, step, request.dial_seconds)
        if request.call_status in answers.GONE:
            # The end of the leg, told before its own callback comes, or in place of one that is lost.
            legs.note_status(work, leg_id, request.call_status, None)
        if given is None or (notifies and legs.is_redirecting(work, leg_id, step)):
            position = conversation.resume_flow(work, leg_id)
            if given is None:
                legs.note_document_served(work, leg_id, position.step)
            return _render_main(position)
        return _render_main(conversation.answer_step(work, leg_id, step, given))


def _render_main(position: Position) -> Response:
    return twiml(renderer(position).main())


def renderer(position: Position) -> render.Renderer:
    """What renders the documents of a position."""
    return render.Renderer(Urls(services().settings.public_url), position)
