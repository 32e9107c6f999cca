"""Dial Conference, and what participants hear while they wait, are held or are told something (Twilio: Conference)."""

from functools import partial

from phonesim.conference import Conference, JoinRefused, conference_named
from phonesim.errors import HungUp
from phonesim.interpreter import ApplicationError, Goto, Interpreter, Redirected, main_script, method_of
from phonesim.leg import Leg
from phonesim.participant import BEEPS, ConferenceSettings, Manner, Participant
from phonesim.process import Script, Signal, Wait
from phonesim.twiml.attributes import flag, integer, trims, words
from phonesim.twiml.document import Verb
from phonesim.verbs.callbacks import recording_hook
from phonesim.verbs.children import LONGEST_DIAL
from phonesim.verbs.dial import CONNECTORS, DialResult, recording_of

LABEL_CODES = frozenset({16023, 16025})


def dial_conference(run: Interpreter, verb: Verb, result: DialResult) -> Script[None]:
    """Take part until leaving; the action then gets DialCallStatus=answered and no DialCallSid.

    A label that cannot be used goes on at the next verb instead, any other refusal at the action.
    """
    noun = verb.children[0]
    settings = _settings(run, noun)
    conference = conference_named(run.net, noun.text, settings)
    participant = seated(conference, run.leg, _manner(run, noun), settings)
    result.status, result.bridged, result.recording = "answered", None, recording_of(run, verb)
    try:
        yield from take_part(
            conference, participant, flag(verb, "hangupOnStar"), integer(verb, "timeLimit", LONGEST_DIAL)
        )
    except JoinRefused as refusal:
        run.complain(refusal.code, str(refusal), noun.line)
        result.status, result.goes_on = "failed", refusal.code in LABEL_CODES
    finally:
        if result.recording:
            result.recording.stop()
    if participant.departure == "participant_add_failed":
        result.status = "failed"
    if participant.kicked and not run.net.options.kicked_goes_on:
        run.leg.finish("completed")
        raise HungUp


def seated(conference: Conference, leg: Leg, manner: Manner, settings: ConferenceSettings) -> Participant:
    """Make the participant for a leg that will join a conference, with what it hears there besides the others."""
    return Participant(conference, leg, manner, settings, partial(soundtrack, conference))


def take_part(
    conference: Conference, participant: Participant, star: bool = False, limit: float | None = None
) -> Script[None]:
    """Be in the conference until removed, it ends, time is up, or ``*`` where that hangs up. Raises JoinRefused."""
    conference.join(participant)
    until, wants = participant.leg.net.later(limit or 0), frozenset({"conference", "key"} if star else {"conference"})
    try:
        while participant.departure is None:
            left = (until - participant.leg.net.now).total_seconds() if limit else None
            signal: Signal | None = yield Wait(left, wants)
            if signal is None or (signal.kind == "key" and signal.value == "*"):
                conference.remove(participant, "participant_hung_up")
    except HungUp:
        conference.remove(participant, "participant_hung_up")
        raise
    except Redirected:
        conference.remove(participant, "participant_updated_via_api")
        raise


def participant_script(conference: Conference, participant: Participant) -> Script[None]:
    """The life of a leg that REST put into a conference: no document, so it ends with its part."""
    try:
        yield from take_part(conference, participant)
    except JoinRefused as refusal:
        conference.net.alert(refusal.code, participant.leg.sid, "", str(refusal))
        conference.invitation_failed(participant)
    except Redirected as change:
        yield from main_script(participant.leg, change.goto)
    participant.leg.finish("completed")


def soundtrack(conference: Conference, participant: Participant, mode: str) -> Script[None] | None:
    """What a participant hears besides the others in this mode; None while people talk."""
    manner, leg = participant.manner, participant.leg
    if mode == "hold":
        goto = Goto(manner.hold_url, manner.hold_method) if manner.hold_url else None
        return _document(conference, participant, "hold", goto) if goto else open_ended(leg, "music")
    if mode == "conference-wait":
        if not manner.wait_url:
            return open_ended(leg, "music" if manner.wait_url is None else "silence")
        return _document(conference, participant, mode, Goto(manner.wait_url, manner.wait_method))
    lone = leg.net.options.lone_participant_hears
    return open_ended(leg, lone) if mode == "lone" else None


def open_ended(leg: Leg, kind: str) -> Script[None]:
    """Music or silence until stopped."""
    with leg.ear.playing(kind):
        yield Wait(None)


def _document(conference: Conference, participant: Participant, kind: str, goto: Goto) -> Script[None]:
    try:
        yield from Interpreter(participant.leg, kind, lambda: _context(conference)).play(goto)
    except ApplicationError:
        if kind == "conference-wait":
            return conference.remove(participant, "participant_add_failed")
    yield from open_ended(participant.leg, "silence")
    return None


def _context(conference: Conference) -> dict[str, str]:
    return {"ConferenceSid": conference.sid, "FriendlyName": conference.name}


def announce(conference: Conference, listeners: list[Participant], goto: Goto, about: Participant | None) -> None:
    """Fetch one document and play it to some participants. ``about`` is the one it is for, if it is for one only."""
    if listeners:
        listeners[0].leg.push(_announcement(conference, listeners, goto, about))


def _announcement(
    conference: Conference, listeners: list[Participant], goto: Goto, about: Participant | None
) -> Script[None]:
    run = Interpreter(listeners[0].leg, "announce")
    try:
        verbs = yield from run.load(goto)
    except ApplicationError as problem:
        why = str(problem.__cause__ or "the document could not be had")
        return conference.report("announcement-fail", about, AnnounceUrl=goto.url, ReasonAnnouncementFailed=why)
    for other in listeners[1:]:
        follower = Interpreter(other.leg, "announce")
        follower.base = run.base
        other.leg.push(_performed(follower, verbs))
    yield from _performed(run, verbs)
    return conference.report("announcement-end", about, AnnounceUrl=goto.url)


def _performed(run: Interpreter, verbs: tuple[Verb, ...]) -> Script[None]:
    try:
        step = yield from run.perform(verbs)
        if isinstance(step, Goto):
            yield from run.play(step)
    except ApplicationError:
        return


def _manner(run: Interpreter, noun: Verb) -> Manner:
    wait = noun.attributes.get("waitUrl")
    enter, leave = BEEPS.get(noun.attributes.get("beep", "true"), (True, True))
    return Manner(
        label=noun.attributes.get("participantLabel", ""),
        muted=flag(noun, "muted"),
        beep_on_enter=enter,
        beep_on_exit=leave,
        start_on_enter=flag(noun, "startConferenceOnEnter", True),
        end_on_exit=flag(noun, "endConferenceOnExit"),
        wait_url=run.resolve(wait) if wait else wait,
        wait_method=method_of(noun, "waitMethod"),
        most=integer(noun, "maxParticipants", 250),
        coach=noun.attributes.get("coach", ""),
        region=noun.attributes.get("region", ""),
    )


def _settings(run: Interpreter, noun: Verb) -> ConferenceSettings:
    url = noun.attributes.get("statusCallback", "")
    return ConferenceSettings(
        status_url=run.resolve(url) if url else "",
        status_method=method_of(noun, "statusCallbackMethod"),
        events=words(noun, "statusCallbackEvent"),
        record=noun.attributes.get("record") in {"record-from-start", "true"},
        trim=trims(noun, True),
        recording_hook=recording_hook(run, noun),
    )


CONNECTORS["Conference"] = dial_conference
