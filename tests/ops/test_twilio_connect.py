"""Pointing a number at this server."""

from __future__ import annotations

import pytest

from ivr.core.urls import CALLBACK, DOCUMENT
from tests.ops.conftest import Account, Run
from tests.web.line import HOST

NUMBER = "+13125550100"
HERE = {
    "voice_url": f"{HOST}/voice/incoming{DOCUMENT}",
    "voice_fallback_url": f"{HOST}/voice/fallback{DOCUMENT}",
    "status_callback": f"{HOST}/voice/status{CALLBACK}",
}


def test_a_number_is_pointed_here_with_post_and_what_changed_is_shown(
    run: Run, account: Account, at_the_network: dict[str, str]
) -> None:
    account.own(NUMBER, voice_url="https://elsewhere.example/old")
    result = run("twilio", "connect", NUMBER, **at_the_network)
    assert result.exit_code == 0, result.output
    assert f"voice url: https://elsewhere.example/old -> {HERE['voice_url']}" in result.output
    assert result.output.splitlines()[-1] == f"{NUMBER} is connected."
    (asked,) = account.changed
    assert {name: value for name, value in asked.items() if name.endswith("Method")} == {
        "VoiceMethod": "POST",
        "VoiceFallbackMethod": "POST",
        "StatusCallbackMethod": "POST",
    }


def test_failures_go_where_the_fallback_document_is_served_elsewhere(
    run: Run, account: Account, at_the_network: dict[str, str]
) -> None:
    account.own(NUMBER)
    elsewhere = "https://elsewhere.example/fallback.xml"
    result = run("twilio", "connect", NUMBER, SUNLINE_FALLBACK_URL=elsewhere, **at_the_network)
    assert f"voice fallback url: nothing -> {elsewhere}" in result.output
    assert account.changed[0]["VoiceFallbackUrl"] == elsewhere


def test_a_dry_run_shows_and_changes_nothing(run: Run, account: Account, at_the_network: dict[str, str]) -> None:
    account.own(NUMBER)
    result = run("twilio", "connect", NUMBER, "--dry-run", **at_the_network)
    assert f"status callback: nothing -> {HERE['status_callback']}" in result.output
    assert account.changed == []


def test_a_number_that_is_connected_already_is_told_as_such(
    run: Run, account: Account, at_the_network: dict[str, str]
) -> None:
    account.own(NUMBER, **HERE)
    assert run("twilio", "connect", NUMBER, "--dry-run", **at_the_network).output == "nothing changes\n"


@pytest.mark.parametrize(
    ("number", "told"), [("+13125550999", "does not own that number"), ("555-0100", "a phone number such as")]
)
def test_a_number_that_cannot_be_connected_is_said_plainly(
    run: Run, account: Account, at_the_network: dict[str, str], number: str, told: str
) -> None:
    account.own(NUMBER)
    result = run("twilio", "connect", number, **at_the_network)
    assert result.exit_code != 0
    assert told in result.output


def test_wrong_credentials_are_told_with_the_mend_and_without_the_secret(
    run: Run, account: Account, at_the_network: dict[str, str]
) -> None:
    wrong = "wrong-0123456789abcdef0123456789abc"
    result = run("twilio", "connect", NUMBER, **{**at_the_network, "TWILIO_AUTH_TOKEN": wrong})
    assert "check TWILIO_ACCOUNT_SID and its secret" in result.output
    assert wrong not in result.output


def test_a_network_that_does_not_answer_is_told_with_what_to_look_at(run: Run, at_the_network: dict[str, str]) -> None:
    nobody = at_the_network | {"SUNLINE_TWILIO_API_URL": "http://127.0.0.1:9"}
    refused = run("twilio", "connect", NUMBER, "--dry-run", **nobody)
    assert refused.exit_code == 1
    assert "the phone network does not answer: temporary failure" in refused.output
    assert "look whether this machine reaches its REST API" in refused.output
