"""From where a conversation stands to TwiML. Pure: the same position gives the same document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import singledispatchmethod
from typing import Any

from twilio.twiml.voice_response import Conference, Dial, Gather, Number, VoiceResponse

from callflows.prompts import Line, line
from callflows.vocabulary import Ask, AskPin, DialHelpLine, DialHouse, LeaveMessage, Request, Wait, WithPerson
from ivr.calls.conversation import Position
from ivr.core.telephone_numbers import Ringable, parse_ringable
from ivr.core.urls import Urls
from ivr.hearing.wishes import words_for
from ivr.recordings.capture import message_id

QUEUE = "sunline"
CONFERENCE_EVENTS = "start end join leave mute hold modify"
SPEECH_SILENCE = 2
"""Seconds of silence that end an utterance; Twilio warns (13335) about its "auto" with the default model."""
WAIT_LISTEN = 1
"""Seconds a wait document goes on listening for a key after its words and its music, which is short."""
FALLBACK_RING = 30
MOST_HINTS = 100
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, however it is written (XML 1.0: Char)."""


class Renderer:
    """Renders the documents of one position."""

    def __init__(self, urls: Urls, position: Position) -> None:
        self._urls = urls
        self._at = (position.leg_id, position.step)
        self._position = position

    def main(self) -> str:
        """What was said since the last answer, then the pending request, or the end of the call."""
        response = VoiceResponse()
        for said in self._position.said:
            speak(response, said.lines)
        if self._position.goes_on is not None:
            response.redirect(self._urls.document(*self._position.goes_on), method="POST")
        elif self._position.request is None:
            response.hangup()
        else:
            self._put(self._position.request, response)
        return str(response)

    def wait(self, words: Iterable[Line] = ()) -> str:
        """The words of a wait, by default all that it has, and the keys it takes; a leave where the wait is over."""
        request = self._position.request
        response = VoiceResponse()
        if not isinstance(request, Wait):
            response.leave()
            return str(response)
        comfort = tuple(words) or request.comfort
        if request.keys or request.otherwise or request.alarms:
            options = self._speech(request.language) if request.alarms else {}
            gather = Gather(
                input="dtmf speech" if request.alarms else "dtmf",
                num_digits=1,
                timeout=WAIT_LISTEN,
                action=self._urls.wait_key(*self._at),
                method="POST",
                **options,
            )
            speak(gather, comfort)
            gather.play(self._urls.music())
            response.append(gather)
        else:
            speak(response, comfort)
            response.play(self._urls.music())
            response.pause(length=WAIT_LISTEN)
        return str(response)

    @singledispatchmethod
    def _put(self, request: Request, response: VoiceResponse) -> None:
        raise TypeError(f"there is no TwiML for {type(request).__name__}")

    @_put.register
    def _ask(self, request: Ask, response: VoiceResponse) -> None:
        options: dict[str, Any] = {} if request.digits is None else {"num_digits": request.digits}
        if request.speech:
            words = [word.rstrip("*") for wish in request.wishes for word in words_for(wish)]
            options |= self._speech(request.language) | ({"hints": ",".join(words[:MOST_HINTS])} if words else {})
        self._gather(response, request.lines, request.timeout, "dtmf speech" if request.speech else "dtmf", options)

    @staticmethod
    def _speech(language: str) -> dict[str, Any]:
        return {"speech_timeout": SPEECH_SILENCE, "language": language, "profanity_filter": False}

    @_put.register
    def _pin(self, request: AskPin, response: VoiceResponse) -> None:
        self._gather(response, request.lines, request.timeout, "dtmf", {"finish_on_key": "#"})

    def _gather(
        self, response: VoiceResponse, lines: tuple[Line, ...], timeout: int, heard: str, options: dict[str, Any]
    ) -> None:
        url = self._urls.answer(*self._at)
        gather = Gather(input=heard, action=url, method="POST", timeout=timeout, action_on_empty_result=True, **options)
        speak(gather, lines)
        response.append(gather)
        response.redirect(url, method="POST")

    @_put.register
    def _message(self, request: LeaveMessage, response: VoiceResponse) -> None:
        speak(response, request.lines)
        response.record(
            action=self._urls.recorded(*self._at),
            method="POST",
            max_length=request.max_seconds,
            timeout=5,
            finish_on_key="#",
            play_beep=True,
            trim="do-not-trim",
            recording_status_callback=self._urls.recording(message_id(*self._at)),
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent",
        )
        response.redirect(self._urls.answer(*self._at), method="POST")

    @_put.register
    def _wait(self, request: Wait, response: VoiceResponse) -> None:
        response.enqueue(
            QUEUE,
            action=self._urls.queue(*self._at),
            method="POST",
            wait_url=self._urls.wait(*self._at),
            wait_url_method="POST",
        )

    @_put.register
    def _with_person(self, request: WithPerson, response: VoiceResponse) -> None:
        dial = Dial(action=self._urls.dial(*self._at), method="POST")
        if request.may_step_out:
            dial = Dial(action=self._urls.dial(*self._at), method="POST", hangup_on_star=True)
        dial.append(
            Conference(
                self._position.call_id,
                beep="false",
                start_conference_on_enter=True,
                end_conference_on_exit=False,
                wait_url=self._urls.hold(self._position.leg_id),
                wait_method="POST",
                status_callback=self._urls.conference(self._position.call_id),
                status_callback_event=CONFERENCE_EVENTS,
                status_callback_method="POST",
            )
        )
        response.append(dial)

    @_put.register
    def _dial_fallback_number(self, request: DialHouse, response: VoiceResponse) -> None:
        self._dial_outside(request, response, url=self._urls.fallback_prompt(*self._at), method="POST")

    @_put.register
    def _dial_help_line(self, request: DialHelpLine, response: VoiceResponse) -> None:
        self._dial_outside(request, response, hangup_on_star=True)

    def _dial_outside(
        self, request: DialHouse | DialHelpLine, response: VoiceResponse, *, hangup_on_star: bool = False, **prompt: str
    ) -> None:
        """Dial a number of the configuration; one that may not be rung is as if nobody had answered there."""
        ended = self._urls.dial(*self._at)
        number = parse_ringable(request.number, "configuration", self._position.own_lines)
        if number is None:
            response.redirect(ended, method="POST")
            return
        speak(response, request.lines)
        dial = Dial(action=ended, method="POST", timeout=FALLBACK_RING, hangup_on_star=hangup_on_star or None)
        dial.append(Number(number, **prompt))
        response.append(dial)


def hold(words: Iterable[Line], again: str) -> str:
    """Words and quiet, over and over: a conference's wait document goes silent when it runs out."""
    response = VoiceResponse()
    speak(response, words)
    response.pause(length=10)
    response.redirect(again, method="POST")
    return str(response)


def patience(languages: tuple[str, ...], again: str) -> str:
    """The same in every language, for when nothing is known of whoever waits or is held."""
    response = VoiceResponse()
    speak(response, tuple(line("hold", language) for language in languages))
    response.pause(length=5)
    response.redirect(again, method="POST")
    return str(response)


def fallback_prompt(practice: str, accept: str) -> str:
    """What the fallback number hears: a key or nothing, because a machine that answers must not be connected."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=8, action=accept, method="POST")
    speak(gather, (line("house", "en-US", practice=practice),))
    response.append(gather)
    response.hangup()
    return str(response)


def announcement(words: Iterable[Line]) -> str:
    """Words that are said into a talk, which goes on."""
    response = VoiceResponse()
    speak(response, words)
    return str(response)


def nothing() -> str:
    """An empty document: carry on."""
    return str(VoiceResponse())


def goodbye() -> str:
    """A document that only hangs up."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def fallback(languages: tuple[str, ...], number: Ringable | None) -> str:
    """The emergency words in every language, then the operator's fallback number. Needs nothing but its arguments."""
    response = VoiceResponse()
    speak(response, tuple(line("fallback", language) for language in languages))
    if number is not None:
        dial = Dial(timeout=60)
        dial.number(number)
        response.append(dial)
    speak(response, tuple(line("emergency", language) for language in languages))
    return str(response)


def speak(verb: Any, lines: Iterable[Line]) -> None:
    """One Say a language, so that each is pronounced as its own."""
    for spoken in lines:
        # One character that XML cannot hold, in words of others, and Twilio would refuse the whole document (12100).
        verb.say(NOT_IN_XML.sub(" ", spoken.spoken()), language=spoken.language)


def leave() -> str:
    """The wait is over: leave the queue, which asks for the main document."""
    response = VoiceResponse()
    response.leave()
    return str(response)
