"""What every example has: a Flask application behind one number, and somebody who calls it."""

from __future__ import annotations

from flask import Flask
from twilio.rest import Client
from twilio.twiml import TwiML

from phonesim import Line, Network, WsgiApplication
from tests.simulator.stage import ACCOUNT, BASE, OURS, START, TOKEN, InProcess

CALLER, COLLEAGUE = "+13125550199", "+13125550181"


def connected(app: Flask) -> Network:
    """A network whose number asks the application at /answer."""
    net = Network(ACCOUNT, TOKEN, WsgiApplication(app, BASE, propagate=True), START)
    net.add_number(OURS, f"{BASE}/answer")
    return net


def rest(net: Network) -> Client:
    """The account's REST client."""
    return Client(ACCOUNT, TOKEN, http_client=InProcess(net))


def call(net: Network, who: str = CALLER) -> Line:
    """Somebody dials the number."""
    line = net.phone(who).dial(OURS)
    net.run_due()
    return line


def xml(response: TwiML) -> tuple[str, dict[str, str]]:
    """A TwiML document as a Flask answer."""
    return str(response), {"Content-Type": "text/xml"}
