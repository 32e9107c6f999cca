"""Calls the REST API creates (Twilio: Calls create, Participants create)."""

from dataclasses import dataclass

from phonesim.conference import Conference
from phonesim.detection import Detection, detect_later, finding
from phonesim.hooks import Fallback, RecordingHook, StatusHook
from phonesim.interpreter import Goto, Redirected, main_script
from phonesim.leg import Leg
from phonesim.participant import ConferenceSettings, Manner, Participant
from phonesim.placing import place, send_digits
from phonesim.process import Script, Wait
from phonesim.recording import Recording
from phonesim.services import Services
from phonesim.verbs.conferencing import participant_script, seated


@dataclass(frozen=True, slots=True)
class Record:
    """Record the whole call."""

    channels: int = 1
    hook: RecordingHook | None = None
    track: str = "both"
    trim: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """A call to create; seconds for ``ring`` and ``time_limit``."""

    to: str
    from_: str
    ring: float = 60.0
    time_limit: float = 14400.0
    status_hook: StatusHook | None = None
    fallback: Fallback | None = None
    digits: str = ""
    detection: Detection | None = None
    record: Record | None = None


def call(net: Services, order: Order, goto: Goto) -> Leg:
    """Queue a call whose document is asked for when it is answered."""
    leg = _leg(net, order)
    leg.watchers.append(lambda what: leg.run(_script(leg, order, goto)) if what == "answered" else None)
    return leg


def invite(
    net: Services, order: Order, conference: Conference, manner: Manner, settings: ConferenceSettings
) -> Participant:
    """Queue a call that joins the conference when it is answered."""
    leg = _leg(net, order)
    participant = seated(conference, leg, manner, settings)
    conference.invite(participant)

    def changed(what: str) -> None:
        if manner.early_media:
            ring_back(participant, what)
        if what == "answered":
            leg.run(participant_script(conference, participant))
        elif what == "ended" and not participant.joined:
            conference.invitation_failed(participant)

    leg.watchers.append(changed)
    return participant


def ring_back(participant: Participant, what: str) -> None:
    """With EarlyMedia those in the conversation hear the invited phone ring."""
    if what == "ringing":
        others = [other for other in participant.conference.participants.values() if other.listens]
        participant.ring_back = [(other.leg.ear, other.leg.ear.begin("ring")) for other in others]
        return
    for ear, sound in participant.ring_back:
        ear.end(sound)
    participant.ring_back = []


def _leg(net: Services, order: Order) -> Leg:
    leg = Leg(net, order.from_, order.to, "outbound-api")
    leg.status_hook, leg.fallback = order.status_hook, order.fallback
    leg.watchers.append(lambda what: _answered(leg, order) if what == "answered" else None)
    leg.queue_ms = net.lane.enter(lambda: place(leg, order.ring, order.time_limit), lambda: leg.ended)
    return leg


def _answered(leg: Leg, order: Order) -> None:
    if order.record:
        wanted = order.record
        Recording(leg, "OutboundAPI", wanted.channels, wanted.hook, wanted.track, trim=wanted.trim)
    if order.detection and order.detection.asynchronous:
        detect_later(leg, order.detection)


def _script(leg: Leg, order: Order, goto: Goto) -> Script[None]:
    send_digits(leg, order.digits)
    try:
        goto = yield from _screened(leg, order, goto)
    except Redirected as change:
        goto = change.goto
    yield from main_script(leg, goto)


def _screened(leg: Leg, order: Order, goto: Goto) -> Script[Goto]:
    if order.detection is None or order.detection.asynchronous:
        return goto
    answered_by, seconds = finding(leg, order.detection)
    yield Wait(seconds)
    leg.answered_by = answered_by
    return Goto(goto.url, goto.method, {"AnsweredBy": answered_by, **goto.params}, goto.twiml)
