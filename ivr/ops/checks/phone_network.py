"""What only the phone network can tell: whether it knows us, sends its calls here, and has the same time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from ivr.core.preflight import Finding, risk
from ivr.core.settings import Settings
from ivr.directory.organisation import Organisation
from ivr.installation.building import build_twilio
from ivr.ops.twilio_command import differences, wanted
from ivr.twilio.errors import TwilioError
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
