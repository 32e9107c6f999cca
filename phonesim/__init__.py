"""A stand-in for the phone network: Twilio Programmable Voice and the phones around it, in virtual or real time."""

from phonesim.browser import Browser
from phonesim.client import SimClient
from phonesim.errors import PhonesimError, ReentrantAdvance, RestTimedOut
from phonesim.faults import FAULTS
from phonesim.live import Server
from phonesim.network import Network
from phonesim.numbers import Place
from phonesim.options import Options, RecordingKey
from phonesim.phone import Line, Phone
from phonesim.switching import switch_off, switch_off_all, switch_on
from phonesim.values import Alert, Heard, Text, Trace
from phonesim.web.applications import HttpApplication, WsgiApplication

__all__ = [
    "FAULTS", "Alert", "Browser", "Heard", "HttpApplication", "Line", "Network", "Options", "Phone", "PhonesimError",
    "Place", "RecordingKey", "ReentrantAdvance", "RestTimedOut", "Server", "SimClient", "Text", "Trace",
    "WsgiApplication", "switch_off", "switch_off_all", "switch_on",
]  # fmt: skip
