"""A stand-in for the phone network: Twilio Programmable Voice and the phones around it, in virtual or real time."""

from phonesim.network import Network
from phonesim.options import Faults, Options, RecordingKey, RestFault
from phonesim.phone import Line, Phone
from phonesim.values import Alert, Heard, Text, Trace
from phonesim.web.applications import HttpApplication, WsgiApplication

__all__ = [
    "Alert", "Faults", "Heard", "HttpApplication", "Line", "Network", "Options", "Phone", "RecordingKey", "RestFault",
    "Text", "Trace", "WsgiApplication",
]  # fmt: skip
