"""Whatever people and REST do, in whatever order, the network keeps its own rules."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException

from phonesim.errors import LineEnded, NotRinging
from phonesim.leg import TERMINAL
from tests.simulator.stage import BASE, OURS, Page, Seen, Stage

PEOPLE = ("+13125550191", "+13125550192", "client:ana")
DOCUMENTS = (
    '<Gather input="dtmf speech" numDigits="1" action="/any"><Say>press or say something</Say></Gather>',
    '<Enqueue waitUrl="/wait" action="/any">q</Enqueue>',
    '<Dial action="/any" timeout="10"><Queue url="/quiet">q</Queue></Dial>',
    '<Dial action="/any"><Conference waitUrl="/quiet" statusCallback="/e" statusCallbackEvent="join leave end hold" '
    'endConferenceOnExit="true">c</Conference></Dial>',
    '<Dial action="/any" hangupOnStar="true"><Conference participantLabel="x">c</Conference></Dial>',
    '<Dial action="/any" timeout="8" record="record-from-answer"><Number url="/screen">+13125550192</Number>'
    "<Client>ana</Client></Dial>",
    '<Record action="/any" maxLength="9"/>',
    "<Say>goodbye</Say>",
    "<Redirect>/broken</Redirect>",
    "<Reject/>",
    f'<Dial action="/any"><Number sendDigits="1">{OURS}</Number></Dial>',
)
ACTIONS = (
    "dial", "press", "star", "say", "hang up", "answer", "decline", "call out", "invite", "redirect", "complete",
    "hold", "unhold", "kick", "dequeue", "end", "announce",
)  # fmt: skip
STEPS = st.tuples(st.sampled_from(ACTIONS), st.sampled_from(PEOPLE), st.sampled_from([0.0, 0.4, 3.0, 20.0]))


def prepared(choices: list[int]) -> Stage:
    stage = Stage()

    def any_document(_seen: Seen) -> str:
        return DOCUMENTS[choices.pop() % len(DOCUMENTS)] if choices else "<Hangup/>"

    stage.page("/voice", any_document)
    stage.page("/any", any_document)
    stage.page("/out", any_document)
    stage.page("/wait", '<Gather numDigits="1" action="/leave"><Say>waiting</Say></Gather><Pause length="5"/>')
    stage.page("/leave", "<Leave/>")
    stage.page("/quiet", "<Say>a moment</Say>")
    stage.page("/screen", '<Gather numDigits="1" action="/accept" timeout="3"><Say>press one</Say></Gather><Hangup/>')
    stage.page("/accept", "")
    stage.page("/broken", Page(status=500))
    stage.page("/fallback", any_document)
    return stage


def newest(stage: Stage, who: str) -> str:
    line = stage.net.phone(who).line
    return line.call_sid if line else "CA" + "0" * 32


def room(stage: Stage) -> str:
    return next(reversed(stage.net.conferences), "CF" + "0" * 32)


def act(stage: Stage, action: str, who: str) -> None:
    phone, rest = stage.net.phone(who), stage.twilio
    line = phone.line
    actions: dict[str, Callable[[], object]] = {
        "dial": lambda: phone.dial(OURS),
        "press": lambda: line and line.press("12"),
        "star": lambda: line and line.press("*"),
        "say": lambda: line and line.say("hello over there"),
        "hang up": lambda: line and line.hang_up(),
        "answer": phone.answer,
        "decline": phone.decline,
        "call out": lambda: rest.calls.create(to=who, from_=OURS, url=f"{BASE}/out"),
        "invite": lambda: rest.conferences("c").participants.create(to=who, from_=OURS),
        "redirect": lambda: rest.calls(newest(stage, who)).update(url=f"{BASE}/any"),
        "complete": lambda: rest.calls(newest(stage, who)).update(status="completed"),
        "hold": lambda: rest.conferences(room(stage)).participants(newest(stage, who)).update(hold=True),
        "unhold": lambda: rest.conferences(room(stage)).participants(newest(stage, who)).update(hold=False),
        "kick": lambda: rest.conferences(room(stage)).participants(newest(stage, who)).delete(),
        "dequeue": lambda: rest.queues(next(iter(stage.net.queues), "QU")).members("Front").update(url=f"{BASE}/any"),
        "end": lambda: rest.conferences(room(stage)).update(status="completed"),
        "announce": lambda: rest.conferences(room(stage)).update(announce_url=f"{BASE}/quiet"),
    }
    try:
        actions[action]()
    except (TwilioRestException, LineEnded, NotRinging):
        return


def check(stage: Stage) -> None:
    for leg in stage.net.legs.values():
        if leg.partner:
            assert leg.partner.partner is leg
            assert leg.participant is None
            assert not leg.ended
        if leg.participant:
            assert leg.participant.conference.participants[leg.sid] is leg.participant
            assert not leg.ended
    for queue in stage.net.queues.values():
        assert all(not entry.leg.ended for entry in queue.waiting)


@pytest.mark.parametrize("turned", range(3))
@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 99), max_size=25), st.lists(STEPS, max_size=30))
def test_no_order_of_events_breaks_a_rule(turned: int, choices: list[int], steps: list[tuple[str, str, float]]) -> None:
    """The same examples meet other documents and other people in each turn."""
    stage = prepared([choice + turned for choice in choices])
    steps = [(action, PEOPLE[(PEOPLE.index(who) + turned) % len(PEOPLE)], seconds) for action, who, seconds in steps]
    for action, who, seconds in steps:
        act(stage, action, who)
        stage.net.advance(seconds)
        check(stage)
    for leg in tuple(stage.net.legs.values()):
        leg.finish()
    stage.net.advance(600)
    check(stage)
    assert all(leg.status in TERMINAL for leg in stage.net.legs.values())
    assert all(one.status in {"completed", "absent"} for one in stage.net.recordings.values())
    assert all(not one.participants for one in stage.net.conferences.values())
    assert all(earlier.at <= later.at for earlier, later in pairwise(stage.net.trace))
    sounds = [sound for leg in stage.net.legs.values() for sound in leg.ear.heard]
    assert all(sound.until is not None and sound.until >= sound.at for sound in sounds)
