"""What only the phone network can tell: whether it knows us, sends its calls here, and has the same time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from callflows.dialogues.one_time_code import DIGITS
from ivr.codes.verify import find_service
from ivr.core.counting import counted
from ivr.core.preflight import Finding, risk
from ivr.core.settings import Settings
from ivr.directory.organisation import Organisation
from ivr.installation.building import build_twilio
from ivr.ops.twilio_command import differences, wanted
from ivr.twilio.errors import PartyGone, TwilioError
from ivr.twilio.rest_api import RestApi
from ivr.twilio.rest_api.connection import API

TIMEOUT_SECONDS = 5
CLOCK_SLACK = timedelta(seconds=5)


def check_numbers(settings: Settings, organisation: Organisation | None) -> Iterator[Finding]:
    """Credentials, and every number of the organisation."""
    api = build_twilio(settings)
    try:
        for number in organisation.numbers if organisation else ():
            yield from _check_number(api, settings, number)
        if organisation is None:
            api.find_number(settings.fallback_number or "+12025550100")
    except TwilioError as refusal:
        yield risk(f"the phone network refuses ({refusal})", "check TWILIO_ACCOUNT_SID and its secret")


def check_verify_services(settings: Settings, organisation: Organisation | None) -> Iterator[Finding]:
    """Every service of Twilio Verify through which a practice has its codes sent."""
    api = build_twilio(settings)
    for name, practice in sorted(organisation.practices.items()) if organisation else ():
        service = find_service(practice)
        if service is not None:
            yield from _check_service(api, name, service)


def _check_service(api: RestApi, practice: str, service_sid: str) -> Iterator[Finding]:
    whose, console = f"the Verify service of {practice}", "in Twilio's console, at the service"
    try:
        state = api.fetch_verify_service(service_sid)
    except PartyGone:
        yield risk(f"the account has no such service as {whose}", "correct identity.L2.service, then: sunline load DIR")
        return
    except TwilioError as refusal:
        yield risk(f"{whose} does not answer ({refusal})", "check that the account's credentials may use Verify")
        return
    if state.code_length != DIGITS:
        length = counted(DIGITS, "digit")
        yield risk(f"codes by {whose} are of another length than {length}", f"set {length} {console}")
    if state.warns_against_sharing:
        what = f"{whose} tells patients that nobody asks for the code, and agents do"
        yield risk(what, f"switch the warning about sharing off {console}")


def _check_number(api: RestApi, settings: Settings, number: str) -> Iterator[Finding]:
    state = api.find_number(number)
    if state is None:
        yield risk(f"the account does not own {number}", "buy it, or correct the configuration")
    elif differences(state, wanted(settings)):
        yield risk(f"{number} does not send its calls here", f"run: sunline twilio connect {number}")


def check_time(settings: Settings, at: datetime) -> Iterator[Finding]:
    """Our clock against the one of the phone network's answers."""
    try:
        answer = requests.head(settings.twilio_api_url or API, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        theirs = parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (requests.RequestException, KeyError, ValueError):
        yield risk("the phone network cannot be reached from here", "check the network and its firewall")
        return
    if abs(theirs - at) > CLOCK_SLACK:
        off = round(abs(theirs - at).total_seconds())
        yield risk(f"the clock is {off} s off", "synchronise it (chrony or systemd-timesyncd)")
