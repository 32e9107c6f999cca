"""Deciding whether a webhook is Twilio's own: its signature, its fields, its size."""

from ivr.twilio.signature.check import SignatureCheck, sign
from ivr.twilio.signature.form import CheckedRequest, check_request, raw_target

__all__ = ["CheckedRequest", "SignatureCheck", "check_request", "raw_target", "sign"]
