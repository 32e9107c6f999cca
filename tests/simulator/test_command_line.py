"""``python -m phonesim``: the configuration file, and the commands that use a running stand-in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from phonesim import WsgiApplication
from phonesim.__main__ import main
from phonesim.configuration import Configuration, read_configuration
from phonesim.errors import PhonesimError
from phonesim.serving import build, served
from tests.simulator.stage import BASE, OURS, START, Office
from tests.simulator.town import STILL, Town

CALLER, DOCTOR = "+13125550199", "+13125550181"
WHOLE = """
account: AC00112233445566778899aabbccddeeff
token: MY_TOKEN
rate: 10
start: 2026-11-01T01:30:00-05:00
seed: 7
debugger: https://sunline.example/debugger
numbers:
  "+13125550100": {voice_url: https://sunline.example/voice, caller_name: true, status_callback_method: GET}
api_keys:
  SK00112233445566778899aabbccddeeff: MY_KEY
caller_ids: ["+13125550177"]
verify_services: VA00112233445566778899aabbccddeeff
phones:
  "+13125550181": {name: Dr Lee, role: clinician, behaviour: answer, answer_delay: 0}
  "client:ana": {behaviour: busy}
options: {calls_per_second: 5, pci_mode: true, queue_capacity: 10, screen_declined_status: no-answer, forget_after: 60}
faults: [callbacks-lost=0.3, rest-busy on POST /Calls 1 time]
recording_key: {sid: CR00112233445566778899aabbccddeeff, pem: key.pem}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "phonesim.yaml"
    path.write_text(text, "utf-8")
    return path


def test_everything_a_configuration_says_is_served(tmp_path: Path) -> None:
    key = generate_private_key(65537, 2048).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    wanted = read_configuration(written(tmp_path, WHOLE))
    environment = {"MY_TOKEN": "12345", "MY_KEY": "secret"}
    net = build(wanted, environment, WsgiApplication(Office(), BASE), START)
    assert (net.account_sid, net.auth_token) == ("AC00112233445566778899aabbccddeeff", "12345")
    assert net.now.isoformat() == "2026-11-01T06:30:00+00:00"
    number = net.numbers[OURS]
    assert (number.voice_url, number.caller_name, number.status_method) == (f"{BASE}/voice", True, "GET")
    assert net.account.secret_of("SK00112233445566778899aabbccddeeff") == "secret"
    assert net.may_show_number("+13125550177")
    assert list(net.verifications) == ["VA00112233445566778899aabbccddeeff"]
    assert (net.phone(DOCTOR).behaviour, net.phone(DOCTOR).answer_delay) == ("answer", 0)
    assert net.phone("client:ana").behaviour == "busy"
    options = net.options
    assert (options.calls_per_second, options.pci_mode, options.queue_capacity) == (5, True, 10)
    assert options.screen_declined_status == "no-answer"
    assert options.forget_after == 60
    assert options.recording_key is not None
    assert options.recording_key.pem == pem
    assert list(net.faults.on) == ["callbacks-lost", "rest-busy"]
    assert (net.debugger.url, wanted.rate, wanted.seed) == (f"{BASE}/debugger", 10, 7)


def test_phones_with_a_name_are_on_the_desk() -> None:
    phones = {DOCTOR: {"name": "Dr Lee"}, CALLER: {"behaviour": "busy"}}
    wanted = replace(Configuration(), port=0, token="MY_TOKEN", phones=phones)
    server = served(build(wanted, {"MY_TOKEN": "12345"}, WsgiApplication(Office(), BASE), START), wanted)
    server.start()
    try:
        (desk,) = (json.loads(change.data) for change in server.desk.board.newer(0) if change.kind == "desk")
        assert desk == [{"address": DOCTOR, "name": "Dr Lee", "role": ""}]
    finally:
        server.stop()


def test_a_secret_that_is_not_set_is_named() -> None:
    with pytest.raises(PhonesimError, match="set the environment variable PHONESIM_AUTH_TOKEN"):
        build(Configuration(), {}, WsgiApplication(Office(), BASE), START)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("numbrs: {}", "1: unknown key 'numbrs'; did you mean numbers?"),
        ("colour: red", "1: unknown key 'colour'; use one of: account, token"),
        ("\nnumbers:\n  '+1312': {}", "3: '+1312' cannot be read; write a number in quotes"),
        (
            "numbers:\n  '+13125550100':\n    voice_ulr: http://x/",
            "3: unknown key 'voice_ulr'; did you mean voice_url?",
        ),
        ("numbers:\n  '+13125550100':\n    voice_url: /voice", "3: '/voice' cannot be read; write an absolute address"),
        ("phones:\n  '+13125550181': {behaviour: asleep}", "2: 'asleep' cannot be read; write one of manual, answer"),
        ("phones: [one]", "1: this cannot be read; write one key a line"),
        ("phones:\n  ana: {}", "2: 'ana' cannot be read; write an address in quotes"),
        ("options: {calls_per_secnd: 2}", "1: unknown key 'calls_per_secnd'; did you mean calls_per_second?"),
        ("options: {pci_mode: perhaps}", "1: 'perhaps' cannot be read; write one of true, false"),
        ("options: {screen_declined_status: compelted}", "1: 'compelted' cannot be read; write one of completed, busy"),
        ("options: {early_hangup_result: left}", "1: 'left' cannot be read; write one of system-error, hangup"),
        ("options: {lone_participant_hears: jazz}", "1: 'jazz' cannot be read; write one of silence, music"),
        ("options: {conference_recording_channels: 3}", "1: '3' cannot be read; write one of 1, 2"),
        ("options: {http_error_code: 5}", "1: '5' cannot be read; write one of 11200, 11217"),
        ("options: {api_url: here}", "1: 'here' cannot be read; write an absolute address"),
        ("faults:\n - rest-busy\n - rest-bussy", "3: there is no fault 'rest-bussy'; did you mean rest-busy?"),
        ("rate: fast", "1: 'fast' cannot be read; write a number above 0"),
        ("start: yesterday", "1: 'yesterday' cannot be read; write an instant from 1970"),
        ("start: 9999-12-31T23:59:58+00:00", "cannot be read; write an instant from 1970 to 2199"),
        ("start: 0001-01-01T00:00:00+10:00", "cannot be read; write an instant from 1970 to 2199"),
        ("account: AC1", "1: 'AC1' cannot be read; write AC and 32 hexadecimal digits"),
        ("recording_key: {sid: CR00112233445566778899aabbccddeeff}", "1: this cannot be read; write sid: CR"),
        ("rate: 1\nrate: 2", "2: 'rate' is written twice"),
        ("rate: [", "this is not YAML"),
        ("optoins:\n  pci_mode: true", "1: unknown key 'optoins'; did you mean options?"),
        ("port: 65536", "1: '65536' cannot be read; write a port"),
        ("options:\n  calls_per_second: 0", "2: '0' cannot be read; write a number above 0"),
        ("numbers: &all [*all]", "1: '&all' is an anchor; remove it"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_line_and_the_mend(tmp_path: Path, text: str, words: str) -> None:
    path = written(tmp_path, text)
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 1
    assert words in result.output
    assert f"{path}:" in result.output


def test_a_secret_written_where_its_name_belongs_is_not_repeated(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(written(tmp_path, "token: abc123secret"))])
    assert result.exit_code == 1
    assert "no name of an environment variable" in result.output
    assert "abc123secret" not in result.output


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["--port", "65536"], "write a port such as 8100"),
        (["--rate", "0"], "write a number above 0"),
        (["--rate", "nan"], "write a number above 0"),
        (["--rate", "inf"], "write a number above 0"),
        (["--rate", "1e300"], "write a number above 0"),
        (["--seed", "0"], "write a whole number above 0"),
        (["--fault", "callbacks-lost=nan"], "a share is more than 0 and at most 1"),
        (["--fault", "webhooks-slow=inf"], "write seconds: more than 0 and at most 86400"),
        (["--fault", f"rest-busy {'9' * 5000} times"], "write NAME[=VALUE]"),
        (["--account", "AC1"], "write AC and 32 hexadecimal digits"),
        (["--debugger", "here"], "write an absolute address"),
        (["--start", "2026-11-01T07:30:00"], "write an instant from 1970"),
        (["--number", f"{OURS}=/voice"], "write +13125550100=http://"),
        (["--number", OURS], "write +13125550100=http://"),
        (["--fault", "rest-busy 0 times"], "write NAME[=VALUE]"),
    ],
)
def test_a_wrong_option_is_refused_as_the_file_would_be(
    monkeypatch: pytest.MonkeyPatch, words: list[str], mend: str
) -> None:
    monkeypatch.setenv("PHONESIM_AUTH_TOKEN", "12345")
    result = CliRunner().invoke(main, ["serve", *words])
    assert result.exit_code in {1, 2}
    assert mend in result.output


# A running one, from a terminal


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town(STILL)
    yield town
    town.close()


def typed(town: Town, *words: str) -> str:
    result = CliRunner().invoke(main, [*words, "--at", town.server.url])
    return result.output


def test_people_use_their_phones_and_their_call_is_watched(town: Town) -> None:
    town.office.pages = {"/voice": f"<Say>one moment</Say><Dial>{DOCTOR}</Dial>"}
    assert typed(town, "phone", CALLER, "dial", OURS).startswith(f"{CALLER} is ringing (CA")
    town.sim.advance(5)
    assert typed(town, "phone", DOCTOR, "answer").startswith(f"{DOCTOR} is in-progress")
    town.sim.advance(1)
    assert f"with {DOCTOR}" in typed(town, "phone", CALLER, "say", "good", "evening")
    assert typed(town, "phone", CALLER, "press", "1")
    assert typed(town, "phone", CALLER, "hang-up") == f"{CALLER} has hung up\n"
    town.sim.advance(1)
    shown = [line[10:] for line in typed(town, "watch", "--once").splitlines()]
    expected = [
        f"{CALLER} dials {OURS}", "  POST /voice -> 200", f'{CALLER} hears "one moment"', f"{DOCTOR} answers",
        f'{CALLER} says "good evening"', f"{CALLER} is off the line (completed)",
    ]  # fmt: skip
    assert [line for line in shown if line in expected] == expected


def test_watching_shows_alerts_with_their_level_and_code(town: Town) -> None:
    town.office.pages = {"/voice": "<Dance/><Hangup/>"}
    town.sim.dial(CALLER, OURS)
    town.sim.advance(2)
    assert "! warning 12200" in typed(town, "watch", "--once")


def test_a_phone_is_told_how_to_behave_and_declines(town: Town) -> None:
    assert typed(town, "phone", DOCTOR, "behave", "busy") == f"{DOCTOR} is set to busy\n"
    assert "does not ring" in typed(town, "phone", DOCTOR, "decline")


def test_faults_of_a_running_one_are_switched_and_seen_to_strike(town: Town) -> None:
    assert typed(town, "faults", "--on", "callbacks-lost=1", "--on", "rest-busy") == "on: callbacks-lost, rest-busy\n"
    town.sim.dial(CALLER, OURS)
    assert typed(town, "faults", "--off", "rest-busy") == "on: callbacks-lost\n"
    assert typed(town, "faults", "--off", "all") == "on: none\n"
    assert "did you mean rest-busy" in typed(town, "faults", "--on", "rest-bussy")
    assert "! callbacks-lost is mended" in typed(town, "watch", "--once")


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["dial"], f"write: phone {DOCTOR} dial +1..."),
        (["answer", "now"], f"write: phone {DOCTOR} answer"),
        (["dance"], "is not one of 'dial'"),
        (["dial", "+19995550100"], "nobody has +19995550100; dial a number"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_to_write(town: Town, words: list[str], mend: str) -> None:
    assert mend in typed(town, "phone", DOCTOR, *words)


def test_something_else_there_is_no_phonesim(town: Town) -> None:
    done = CliRunner().invoke(main, ["watch", "--once", "--at", f"{town.server.url}/2010-04-01"])
    assert done.exit_code == 1
    assert f"no phonesim answers at {town.server.url}/2010-04-01; start one" in done.output


def test_nobody_there_is_said_in_a_clear_word() -> None:
    result = CliRunner().invoke(main, ["phone", DOCTOR, "answer", "--at", "http://127.0.0.1:1"])
    assert result.exit_code == 1
    assert "no phonesim answers at http://127.0.0.1:1; start one" in result.output
