"""Live runs: real HTTP both ways, the control API and its client, the command line."""

import json
import math
import socket
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
import requests
from click.testing import CliRunner

from phonesim.__main__ import main
from phonesim.errors import PhonesimError, PortInUse
from phonesim.live import Server
from tests.simulator.stage import ACCOUNT, OURS, TOKEN
from tests.simulator.town import GIVE_UP, STILL, Town

CALLER, DOCTOR = "+13125550199", "+13125550181"


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(STILL)
    yield town
    town.close()


def test_a_whole_call_over_http(town: Town) -> None:
    town.office.pages = {
        "/voice": '<Gather numDigits="1" action="/menu"><Say>press one</Say></Gather>',
        "/menu": f"<Dial>{DOCTOR}</Dial>",
    }
    town.sim.dial(CALLER, OURS)
    town.sim.advance(2)
    town.sim.press(CALLER, "1")
    town.sim.advance(2)
    assert town.sim.state()["phones"][DOCTOR]["ringing"]
    town.sim.answer(DOCTOR)
    town.sim.advance(1)
    (line,) = town.sim.state()["phones"][CALLER]["lines"]
    assert line["connected_to"] == [DOCTOR]
    town.sim.say(DOCTOR, "good evening", 0.8, alternatives=[("could even thing", 0.4)])
    town.sim.hang_up(DOCTOR)
    town.sim.advance(5)
    (line,) = town.sim.state()["phones"][CALLER]["lines"]
    assert line["state"] == "completed"
    assert [sound["text"] for sound in line["heard"] if sound["kind"] == "speech"] == ["good evening"]


def test_a_webhook_handler_may_call_rest_without_a_deadlock(town: Town) -> None:
    def handler(_seen: object) -> str:
        url = f"{town.server.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        data = {"To": DOCTOR, "From": OURS, "Body": "from the handler"}
        assert requests.post(url, data, auth=(ACCOUNT, TOKEN), timeout=GIVE_UP).status_code == 201
        return "<Hangup/>"

    town.office.pages = {"/voice": handler}
    town.sim.dial(CALLER, OURS)
    town.sim.advance(5)
    assert [text["body"] for text in town.sim.state()["phones"][DOCTOR]["messages"]] == ["from the handler"]


def test_recording_urls_lead_to_the_served_port(town: Town) -> None:
    town.office.pages = {"/voice": '<Record action="/vm" playBeep="false"/>', "/vm": "<Hangup/>"}
    town.sim.dial(CALLER, OURS)
    town.sim.advance(20)
    seen = next(one for one in town.office.seen if one.path == "/vm")
    reply = requests.get(f"{seen['RecordingUrl']}.wav", auth=(ACCOUNT, TOKEN), timeout=GIVE_UP)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "audio/x-wav")
    assert len(reply.content) == int(reply.headers["Content-Length"])


def test_the_trace_is_read_piece_by_piece(town: Town) -> None:
    town.office.pages = {"/voice": "<Say>hello</Say>"}
    town.sim.dial(CALLER, OURS)
    first = town.sim.trace()
    town.sim.advance(5)
    second = town.sim.trace(first["next"])
    assert first["trace"][0]["kind"] == "dial"
    assert second["trace"][-1]["kind"] in {"hang-up", "webhook"}
    assert town.sim.trace(second["next"])["trace"] == []


def test_time_flows_by_itself_at_the_rate_asked_for(town: Town) -> None:
    town.sim.set_rate(1000)
    before = datetime.fromisoformat(town.sim.state()["now"])
    arrived = threading.Event()
    town.net.listeners.append(lambda trace: arrived.set() if trace.kind == "sms" else None)
    town.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    assert arrived.wait(GIVE_UP)
    assert datetime.fromisoformat(town.sim.state()["now"]) > before


def test_a_lost_answer_drops_the_connection_after_the_effect(town: Town) -> None:
    town.sim.switch_on("rest-lost-answer on POST /Messages 1 time")
    url = f"{town.server.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    with pytest.raises(requests.ConnectionError):
        requests.post(url, {"To": DOCTOR, "From": OURS, "Body": "hi"}, auth=(ACCOUNT, TOKEN), timeout=GIVE_UP)
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=GIVE_UP).json()["messages"][0]["body"] == "hi"


def test_a_refused_connection_leads_to_the_apology(town: Town) -> None:
    town.sim.add_number("+13125550109", voice_url="http://127.0.0.1:1/voice")
    town.sim.dial(CALLER, "+13125550109")
    town.sim.advance(10)
    (line,) = town.sim.state()["phones"][CALLER]["lines"]
    assert "sorry" in line["heard"][-1]["text"]
    assert town.net.alerts[0].code == 11205


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda sim: sim.answer(CALLER), "does not ring"),
        (lambda sim: sim.press(CALLER, "1"), "dial or answer first"),
        (lambda sim: sim.dial(CALLER, "+13125550999"), "add it first"),
        (lambda sim: sim.behave(CALLER, "asleep"), "voicemail"),
        (lambda sim: sim.set_rate(0), "out of range"),
        (lambda sim: sim.switch_on("rest-bussy"), "did you mean rest-busy"),
        (lambda sim: sim.add_number(OURS, colour="red"), "unknown field 'colour'"),
    ],
)
def test_a_wrong_request_is_answered_with_a_clear_word(town: Town, action: object, words: str) -> None:
    with pytest.raises(PhonesimError, match=words):
        action(town.sim)  # type: ignore[operator]


def test_the_control_api_takes_json_only(town: Town) -> None:
    reply = requests.post(f"{town.server.url}/sim/clock", data={"rate": "5"}, timeout=GIVE_UP)
    assert (reply.status_code, "Content-Type" in reply.json()["error"]) == (400, True)


def test_a_port_in_use_is_a_clear_error(town: Town) -> None:
    with pytest.raises(PortInUse, match="choose another port"):
        Server(town.net, port=int(town.server.url.rpartition(":")[2]))


def test_the_command_line_refuses_to_start_without_a_token() -> None:
    result = CliRunner().invoke(main, ["serve"], env={"PHONESIM_AUTH_TOKEN": ""})
    assert result.exit_code == 1
    assert "PHONESIM_AUTH_TOKEN" in result.output


def test_the_command_line_explains_a_number_without_url() -> None:
    result = CliRunner().invoke(main, ["serve", "--number", OURS], env={"PHONESIM_AUTH_TOKEN": TOKEN})
    assert "write +13125550100=http" in result.output
    assert result.exit_code == 2


def test_the_command_line_says_when_the_port_is_taken(town: Town) -> None:
    port = town.server.url.rpartition(":")[2]
    result = CliRunner().invoke(main, ["serve", "--port", port], env={"PHONESIM_AUTH_TOKEN": TOKEN})
    assert result.exit_code == 1
    assert "choose another port" in result.output


@pytest.fixture
def breaking() -> Iterator[tuple[str, list[bytes]]]:
    """A server that breaks off in the middle of its answer, and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection:
                    if not (request := connection.recv(65536)):
                        return
                    asked.append(request)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 999\r\n\r\n<Resp")

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        socket.create_connection(listener.getsockname()).close()
        thread.join()


def test_an_answer_that_breaks_off_is_a_failure_and_never_repeated(
    town: Town, breaking: tuple[str, list[bytes]]
) -> None:
    """1.3: "a partial response is never retried"; 1.4: "no complete response within limits"."""
    base, asked = breaking
    town.sim.add_number(OURS, voice_url=f"{base}/voice#rc=3&rp=all")
    town.sim.dial(CALLER, OURS)
    town.sim.advance(5)
    assert len(asked) == 1
    (alert,) = town.sim.alerts()["alerts"]
    assert (alert["code"], alert["status"]) == (11205, None)
    assert "broke off" in alert["message"]


# Faults and hard times


def text_to(town: Town, body: str) -> requests.Response:
    url = f"{town.server.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return requests.post(url, {"To": DOCTOR, "From": OURS, "Body": body}, auth=(ACCOUNT, TOKEN), timeout=GIVE_UP)


def test_a_slow_answer_takes_its_time_by_the_clock_of_the_network(town: Town) -> None:
    town.sim.set_rate(1000)
    town.sim.switch_on("rest-slow=400")
    before = datetime.fromisoformat(town.sim.state()["now"])
    assert text_to(town, "hello").status_code == 201
    assert (datetime.fromisoformat(town.sim.state()["now"]) - before).total_seconds() >= 400
    (fault,) = (fault for fault in town.sim.faults() if fault["on"])
    assert (fault["name"], fault["value"]) == ("rest-slow", 400)


def test_whoever_waits_for_a_slow_answer_has_it_when_the_clock_is_moved(town: Town) -> None:
    asked = threading.Event()
    town.net.listeners.append(lambda trace: asked.set() if trace.kind == "rest" else None)
    town.sim.switch_on("rest-slow=3600")
    replies: list[requests.Response] = []
    client = threading.Thread(target=lambda: replies.append(text_to(town, "hello")))
    client.start()
    assert asked.wait(GIVE_UP)
    town.sim.advance(3600)
    client.join(GIVE_UP)
    assert [reply.status_code for reply in replies] == [201]


def test_a_hundred_callers_are_answered_by_an_application_that_makes_all_of_them_wait(town: Town) -> None:
    everybody = threading.Barrier(100)

    def handler(_seen: object) -> str:
        everybody.wait(GIVE_UP)
        return "<Say>welcome</Say>"

    town.office.pages = {"/voice": handler}
    callers = [f"+1312555{number:04}" for number in range(1000, 1100)]
    with town.net.entered():
        lines = [town.net.phone(caller).dial(OURS) for caller in callers]
    town.sim.advance(3)
    with town.net.entered():
        assert {line.heard[-1].text for line in lines} == {"welcome"}
        assert town.net.alerts == []


@pytest.mark.parametrize("number", [math.nan, math.inf, -1, 1e300])
@pytest.mark.parametrize(
    ("path", "field"),
    [("/sim/clock", "rate"), ("/sim/clock", "advance_seconds"), (f"/sim/phones/{CALLER}/behaviour", "answer_delay")],
)
def test_a_number_that_makes_no_sense_is_refused_by_name(town: Town, path: str, field: str, number: float) -> None:
    sent = json.dumps({field: number})
    headers = {"Content-Type": "application/json"}
    reply = requests.post(f"{town.server.url}{path}", data=sent, headers=headers, timeout=GIVE_UP)
    assert reply.status_code == 400
    assert field in reply.json()["error"]


A_PHONE = f"/sim/phones/{CALLER}"


@pytest.mark.parametrize(
    ("path", "sent", "told"),
    [
        (f"{A_PHONE}/dial", {"to": 5}, "'to' of a call"),
        (f"{A_PHONE}/dial", {"to": OURS, "from": 5}, "'from' of a call"),
        (f"{A_PHONE}/dial", {"to": OURS, "frm": "+13125550101"}, "unknown field 'frm'"),
        (f"{A_PHONE}/dial", {"to": OURS, "parameters": {"a": 5}}, "'parameters' of a call"),
        (f"{A_PHONE}/answer", {"slowly": True}, "unknown field 'slowly'"),
        (f"{A_PHONE}/press", {"keys": 5}, "'keys' of a press"),
        (f"{A_PHONE}/press", {"keys": ""}, "'keys' of a press"),
        (f"{A_PHONE}/say", {"text": 5}, "'text' of speech"),
        (f"{A_PHONE}/say", {"text": "yes", "confidence": "much"}, "'confidence' of speech"),
        (f"{A_PHONE}/say", {"text": "yes", "alternatives": [["no"]]}, "'alternatives' of speech"),
        (f"{A_PHONE}/text", {"to": OURS, "body": 5}, "'body' of a text"),
        (f"{A_PHONE}/text", {"to": OURS, "body": " "}, "'body' of a text"),
        (f"{A_PHONE}/behaviour", {"bahaviour": "answer"}, "unknown field 'bahaviour'"),
        (f"{A_PHONE}/behaviour", {"answer_delay": None}, "'answer_delay' of a phone"),
        ("/sim/numbers", {"voice_url": "http://127.0.0.1:1/x"}, "a number needs 'number'"),
        ("/sim/numbers", {"number": OURS, "voice_url": "127.0.0.1:1/x"}, "'voice_url' of a number"),
        ("/sim/numbers", {"number": OURS, "voice_method": "PUT"}, "'voice_method' of a number"),
        ("/sim/numbers", {"number": OURS, "voice_method": ["GET"]}, "'voice_method' of a number"),
        ("/sim/numbers", {"number": OURS, "sms_method": {}}, "'sms_method' of a number"),
        ("/sim/numbers", {"number": OURS, "caller_name": "yes"}, "'caller_name' of a number"),
        ("/sim/clock", {"advance": 5}, "unknown field 'advance'"),
        ("/sim/clock", {"rate": True}, "'rate' of the clock"),
        ("/sim/clock", {"rate": 10**400}, "'rate' of the clock"),
        (f"{A_PHONE}/say", {"text": "yes", "confidence": 10**400}, "'confidence' of speech"),
        ("/sim/clock", {"advance_seconds": 1, "hang_up": "no"}, "'hang_up' of the clock"),
        ("/sim/clock", {"next": 5}, "'next' is an object"),
        ("/sim/clock", {"next": {"weekday": "sun", "time": 2, "zone": "UTC"}}, "'time' of 'next'"),
        ("/sim/faults", {"on": [5]}, "'on' of faults"),
        ("/sim/faults", {"on": "rest-busy"}, "'on' of faults"),
        ("/sim/faults", {"off": "rest-busy"}, "'off' of faults"),
    ],
)
def test_what_a_request_says_wrongly_is_told_by_its_field(town: Town, path: str, sent: object, told: str) -> None:
    reply = requests.post(f"{town.server.url}{path}", json=sent, timeout=GIVE_UP)
    assert (reply.status_code, told in reply.json()["error"]) == (400, True), reply.text


@pytest.mark.parametrize("path", ["/sim/trace", "/sim/alerts"])
@pytest.mark.parametrize("after", ["x", "-5", "1e3"])
def test_what_has_happened_is_asked_for_from_a_whole_number_on(town: Town, path: str, after: str) -> None:
    reply = requests.get(f"{town.server.url}{path}", params={"after": after}, timeout=GIVE_UP)
    assert (reply.status_code, "'after' of the address" in reply.json()["error"]) == (400, True)


def test_the_clock_is_not_moved_to_where_no_calendar_goes(town: Town) -> None:
    for _ in range(5):
        town.sim.advance(1e9)
    with pytest.raises(PhonesimError, match="until 2199"):
        town.sim.advance(1e9)


@pytest.mark.parametrize("body", [b"{\xff", b"[" * 200_000, b'{"next":' * 100_000], ids=["bytes", "lists", "objects"])
def test_a_body_that_is_no_json_is_told(town: Town, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = requests.post(f"{town.server.url}/sim/clock", data=body, headers=headers, timeout=GIVE_UP)
    assert (reply.status_code, "send a JSON object" in reply.json()["error"]) == (400, True)


def test_time_is_not_moved_twice_at_once(town: Town) -> None:
    said: list[str] = []

    def handler(_seen: object) -> str:
        reply = requests.post(f"{town.server.url}/sim/clock", json={"advance_seconds": 5}, timeout=GIVE_UP)
        said.append(reply.json()["error"])
        return "<Hangup/>"

    town.office.pages = {"/voice": "<Say>one moment</Say><Redirect>/second</Redirect>", "/second": handler}
    town.sim.set_rate(0.01)
    town.sim.dial(CALLER, OURS)
    town.sim.advance(5)
    assert said == ["time is already being advanced; wait until it is"]


def test_the_clock_is_moved_while_people_talk_and_their_call_goes_on(town: Town) -> None:
    town.office.pages = {"/voice": f"<Dial>{DOCTOR}</Dial>"}
    town.sim.behave(DOCTOR, "answer", 1)
    town.sim.dial(CALLER, OURS)
    town.sim.advance(10)
    town.sim.advance(3000)
    (line,) = town.sim.state()["phones"][CALLER]["lines"]
    assert line["connected_to"] == [DOCTOR]


def test_a_server_is_stopped_while_its_application_still_thinks() -> None:
    town, thinking, enough = Town(), threading.Event(), threading.Event()

    def handler(_seen: object) -> str:
        thinking.set()
        enough.wait(GIVE_UP)
        return "<Redirect>/again</Redirect>"

    town.office.pages = {"/voice": handler}
    town.sim.dial(CALLER, OURS)
    assert thinking.wait(GIVE_UP)
    closing = threading.Thread(target=town.close)
    closing.start()
    enough.set()
    closing.join(GIVE_UP)
    assert not closing.is_alive()
