"""Section 6.6, the error codes of REST: each is met with the HTTP status of the table."""

from collections.abc import Callable
from typing import Any

import pytest

from phonesim import Options, switch_on
from tests.simulator.contract.rooms import ANA, BEN, invite, refused
from tests.simulator.stage import ACCOUNT, BASE, OURS, Stage, as_json

DOCTOR = "+13125550181"


def create(**changes: Any) -> Callable[[Stage], object]:
    order = {"to": DOCTOR, "from_": OURS, "url": f"{BASE}/out", **changes}
    return lambda stage: stage.twilio.calls.create(**order)


def busy(stage: Stage, fault: str) -> object:
    sid = stage.call_out(DOCTOR)
    switch_on(stage.net, fault)
    return stage.twilio.calls(sid).fetch()


def over(stage: Stage) -> object:
    line = stage.call("<Hangup/>")
    return stage.twilio.calls(line.call_sid).update(status="completed")


def gone(stage: Stage) -> object:
    stage.member(ANA)
    room = stage.conference()
    room.update(status="completed")
    return room.participants.create(from_=OURS, to=BEN)


def doubled(stage: Stage) -> object:
    invite(stage, ANA, label="nurse")
    return invite(stage, BEN, label="nurse")


TABLE: dict[str, tuple[Callable[[Stage], object], int, int]] = {
    "20001 unknown/invalid parameter": (create(timeout=601), 400, 20001),
    "20001 invalid method": (create(method="PUT"), 400, 20001),
    "20001 invalid track": (create(recording_track="left"), 400, 20001),
    "20001 invalid detection": (create(machine_detection="Maybe"), 400, 20001),
    "20001 threshold out of range": (create(machine_detection_speech_threshold=10), 400, 20001),
    "20001 call reason of more than 50 characters": (create(call_reason="x" * 51), 400, 20001),
    "20404 resource not found": (lambda stage: stage.twilio.calls("CA" + "0" * 32).fetch(), 404, 20404),
    "20429 too many requests": (lambda stage: busy(stage, "rest-busy"), 429, 20429),
    "20500 server side": (lambda stage: busy(stage, "rest-failing=500"), 500, 20500),
    "20503 server side": (lambda stage: busy(stage, "rest-failing=503"), 503, 20503),
    "21201 no To": (create(to=""), 400, 21201),
    "21205 bad Url": (create(url="/relative"), 400, 21205),
    "21205 host with an underscore": (create(url="https://my_host.example/x"), 400, 21205),
    "21205 no document at all": (create(url=""), 400, 21205),
    "21205 bad StatusCallback": (create(status_callback="ftp://h.example/"), 400, 21205),
    "21210 From not verified": (create(from_="+13125550777"), 400, 21210),
    "21211 bad To": (create(to="555"), 400, 21211),
    "21212 bad From": (create(from_="abc"), 400, 21212),
    "21213 From missing": (create(from_=""), 400, 21213),
    "21218 bad ApplicationSid": (create(application_sid="AP" + "0" * 32), 400, 21218),
    "21220 call not in-progress": (over, 400, 21220),
    "32018 Twiml parameter > 4000 chars": (create(url=None, twiml="x" * 4001), 400, 32018),
    "16022 conference gone": (gone, 400, 16022),
    "16024 label of a participant": (lambda stage: invite(stage, ANA, label="a/b"), 400, 16024),
    "16026 label in use": (doubled, 400, 16026),
}


@pytest.mark.parametrize(("meet", "status", "code"), TABLE.values(), ids=TABLE)
def test_each_error_has_its_code_and_status(
    stage: Stage, meet: Callable[[Stage], object], status: int, code: int
) -> None:
    """6.6, the table; the ids quote its rows."""

    assert refused(lambda: meet(stage)) == (status, code)


@pytest.mark.parametrize("code", [21214, 21215, 21216, 21217, 21219])
def test_numbers_may_be_refused_for_reasons_of_the_platform(stage: Stage, code: int) -> None:
    """6.6: "21214, 21215, 21216, 21217, 21219: unreachable; geo permission; blocklist; invalid number; trial"."""
    stage.net.account.refused["+1900"] = code
    assert refused(lambda: create(to="+19005550100")(stage)) == (400, code)
    assert refused(lambda: invite(stage, "+19005550100")) == (400, code)
    assert create()(stage)


def test_an_answer_of_401_asks_for_credentials(stage: Stage) -> None:
    """6.6: "20003 401 authentication/permission"."""
    reply = stage.rest("GET", "/Calls.json", auth=(ACCOUNT, "wrong"))
    assert (reply.status_code, as_json(reply)["code"]) == (401, 20003)


def test_a_backlog_of_more_than_a_day_is_22005() -> None:
    """6.6: "22005 more than 24 h of queued calls"."""
    stage = Stage(Options(calls_per_second=1 / 3600))
    for _ in range(25):
        create()(stage)
    assert refused(lambda: create()(stage)) == (429, 22005)
