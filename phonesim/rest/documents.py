"""The JSON of each resource (Twilio: OpenAPI api v2010)."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from phonesim.account import Credential
from phonesim.callqueue import Entry, Queue
from phonesim.conference import Conference
from phonesim.leg import Leg
from phonesim.numbers import Endpoint, Number
from phonesim.participant import Participant
from phonesim.platform import Platform
from phonesim.recording import Recording
from phonesim.texts import TextMessage
from phonesim.values import iso8601, rfc2822

Json = dict[str, Any]
VERSION = "2010-04-01"


def path(account: str, *parts: str) -> str:
    """A resource's uri."""
    return "/".join((f"/{VERSION}/Accounts/{account}", *parts)) + ".json"


def call(leg: Leg) -> Json:
    """A Call; it is never ``initiated`` here, and duration is a string."""
    account = leg.net.account_sid
    inside = path(account, "Calls", leg.sid).removesuffix(".json")
    parts = ("notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions")
    return {
        "sid": leg.sid, "parent_call_sid": leg.parent.sid if leg.parent else None, "account_sid": account,
        "to": leg.to, "to_formatted": formatted(leg.to), "from": leg.from_, "from_formatted": formatted(leg.from_),
        "phone_number_sid": _number_sid(leg), "status": leg.status,
        "start_time": when(leg.answered_at or (leg.ended_at and leg.created)), "end_time": when(leg.ended_at),
        "duration": str(leg.seconds) if leg.ended else None, "price": None, "price_unit": "USD",
        "direction": leg.direction, "answered_by": leg.answered_by, "api_version": VERSION,
        "forwarded_from": leg.extra.get("ForwardedFrom"), "group_sid": None, "caller_name": leg.caller_name,
        "queue_time": str(leg.queue_ms), "trunk_sid": None,
        "date_created": when(leg.created), "date_updated": when(leg.updated), "uri": f"{inside}.json",
        "subresource_uris": {part: f"{inside}/{part.capitalize()}.json" for part in parts},
    }  # fmt: skip


def _number_sid(leg: Leg) -> str | None:
    return leg.endpoint.sid if leg.endpoint and leg.endpoint.sid.startswith("PN") else None


def recording(one: Recording) -> Json:
    """A Recording; a plain fetch shows processing until it is completed."""
    inside = path(one.net.account_sid, "Recordings", one.sid).removesuffix(".json")
    return {
        **_recorded(one), "uri": f"{inside}.json", "media_url": None if one.status == "deleted" else one.url,
        "subresource_uris": {"add_on_results": f"{inside}/AddOnResults.json",
                             "transcriptions": f"{inside}/Transcriptions.json"},
    }  # fmt: skip


def recording_inside(one: Recording) -> Json:
    """The same below its call, which also tells the track, or below its conference, which does not."""
    account = one.net.account_sid
    if one.conference:
        return {**_recorded(one), "uri": path(account, "Conferences", one.conference.sid, "Recordings", one.sid)}
    return {**_recorded(one), "track": one.track, "uri": path(account, "Calls", one.leg.sid, "Recordings", one.sid)}


def _recorded(one: Recording) -> Json:
    unfinished = one.running or one.status == "deleted"
    return {
        "sid": one.sid, "account_sid": one.net.account_sid, "api_version": VERSION, "call_sid": one.call_sid(),
        "conference_sid": one.conference_sid(), "date_created": when(one.started_at),
        "date_updated": when(one.updated), "start_time": when(one.started_at),
        "duration": None if unfinished else str(round(one.seconds)), "channels": one.channels,
        "source": one.source, "status": one.status, "error_code": one.error_code, "price": None, "price_unit": "USD",
        "encryption_details": one.envelope.details() if one.envelope else None,
    }  # fmt: skip


def queue(one: Queue) -> Json:
    """A Queue."""
    account = one.net.account_sid
    return {
        "sid": one.sid, "account_sid": account, "friendly_name": one.name, "current_size": len(one.waiting),
        "max_size": one.max_size, "average_wait_time": one.average, "date_created": when(one.created),
        "date_updated": when(one.updated), "uri": path(account, "Queues", one.sid),
    }  # fmt: skip


def member(entry: Entry) -> Json:
    """A waiting caller; position counts from 1."""
    waiting = entry.queue.waiting
    return {
        "call_sid": entry.leg.sid, "date_enqueued": when(entry.since), "wait_time": entry.seconds,
        "position": waiting.index(entry) + 1 if entry in waiting else 0, "queue_sid": entry.queue.sid,
        "uri": path(entry.queue.net.account_sid, "Queues", entry.queue.sid, "Members", entry.leg.sid),
    }  # fmt: skip


def conference(one: Conference) -> Json:
    """A Conference."""
    account = one.net.account_sid
    inside = path(account, "Conferences", one.sid).removesuffix(".json")
    return {
        "sid": one.sid, "account_sid": account, "api_version": VERSION, "friendly_name": one.name,
        "region": one.region or "us1", "status": one.status, "reason_conference_ended": one.reason or None,
        "call_sid_ending_conference": one.ending.leg.sid if one.ending else None,
        "date_created": when(one.created), "date_updated": when(one.updated), "uri": f"{inside}.json",
        "subresource_uris": {"participants": f"{inside}/Participants.json", "recordings": f"{inside}/Recordings.json"},
    }  # fmt: skip


def participant(one: Participant) -> Json:
    """A Participant."""
    account, manner = one.leg.net.account_sid, one.manner
    return {
        "account_sid": account, "call_sid": one.leg.sid, "conference_sid": one.conference.sid,
        "label": manner.label or None, "muted": manner.muted, "hold": one.hold, "coaching": one.coaching,
        "call_sid_to_coach": manner.coach or None, "start_conference_on_enter": manner.start_on_enter,
        "end_conference_on_exit": manner.end_on_exit, "status": one.status, "queue_time": str(one.leg.queue_ms),
        "date_created": when(one.created), "date_updated": when(one.updated),
        "uri": path(account, "Conferences", one.conference.sid, "Participants", one.leg.sid),
    }  # fmt: skip


def message(one: TextMessage, account: str) -> Json:
    """A Message; numbers are strings, as in the real thing."""
    inside = path(account, "Messages", one.sid).removesuffix(".json")
    return {
        "sid": one.sid, "account_sid": account, "api_version": VERSION, "to": one.to, "from": one.shown_from,
        "body": one.body, "status": one.status, "direction": one.direction, "error_code": one.error_code,
        "error_message": one.error_message, "num_media": str(one.media), "num_segments": str(one.segments),
        "messaging_service_sid": one.service_sid, "price": None, "price_unit": "USD",
        "date_created": when(one.created), "date_updated": when(one.updated), "date_sent": when(one.sent),
        "uri": f"{inside}.json", "subresource_uris": {"media": f"{inside}/Media.json"},
    }  # fmt: skip


def _settings(net: Platform, one: Endpoint) -> Json:
    return {
        "sid": one.sid, "account_sid": net.account_sid, "api_version": VERSION, "friendly_name": one.friendly_name,
        "voice_url": one.voice_url or None, "voice_method": one.voice_method,
        "voice_fallback_url": one.voice_fallback_url or None, "voice_fallback_method": one.voice_fallback_method,
        "voice_caller_id_lookup": one.caller_name, "status_callback": one.status_callback or None,
        "status_callback_method": one.status_method, "sms_url": one.sms_url or None, "sms_method": one.sms_method,
        "sms_fallback_url": one.sms_fallback_url or None, "sms_fallback_method": one.sms_fallback_method,
        "date_created": when(one.created), "date_updated": when(one.updated),
    }  # fmt: skip


def application(net: Platform, one: Endpoint) -> Json:
    """A TwiML Application."""
    callback = one.message_status_callback or None
    return {
        **_settings(net, one), "message_status_callback": callback, "sms_status_callback": callback,
        "public_application_connect_enabled": False, "uri": path(net.account_sid, "Applications", one.sid),
    }  # fmt: skip


def incoming_number(net: Platform, one: Number) -> Json:
    """An IncomingPhoneNumber."""
    return {
        **_settings(net, one), "phone_number": one.number,
        "uri": path(net.account_sid, "IncomingPhoneNumbers", one.sid),
        "voice_application_sid": one.voice_application_sid or None,
        "sms_application_sid": one.sms_application_sid or None, "status": "in-use", "type": "local", "beta": False,
        "origin": "twilio", "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "address_requirements": "none", "address_sid": None, "bundle_sid": None, "identity_sid": None,
        "trunk_sid": None, "emergency_status": "Inactive", "emergency_address_sid": None,
        "emergency_address_status": "unregistered", "voice_receive_mode": "voice",
    }  # fmt: skip


def api_key(one: Credential) -> Json:
    """An API key without its secret."""
    dates = {"date_created": when(one.created), "date_updated": when(one.updated)}
    return {"sid": one.sid, "friendly_name": one.friendly_name, **dates}


def public_key(net: Platform, one: Credential) -> Json:
    """A public key; the key itself is not shown."""
    return {
        "sid": one.sid, "account_sid": net.account_sid, "friendly_name": one.friendly_name,
        "date_created": iso8601(one.created), "date_updated": iso8601(one.updated),
        "url": f"https://accounts.twilio.com/v1/Credentials/PublicKeys/{one.sid}",
    }  # fmt: skip


def account(net: Platform) -> Json:
    """The Account. The auth token is not told."""
    inside, made = f"/{VERSION}/Accounts/{net.account_sid}", when(net.start)
    parts = ("Applications", "Calls", "Conferences", "IncomingPhoneNumbers", "Messages", "Queues", "Recordings")
    return {
        "sid": net.account_sid, "owner_account_sid": net.account_sid, "friendly_name": "phonesim", "status": "active",
        "type": "Full", "auth_token": None, "date_created": made, "date_updated": made, "uri": f"{inside}.json",
        "subresource_uris": {part.lower(): f"{inside}/{part}.json" for part in parts},
    }  # fmt: skip


def caller_id(net: Platform, number: str) -> Json:
    """A verified number; its sid is derived from it."""
    sid, made = f"PN{sha256(number.encode()).hexdigest()[:32]}", when(net.start)
    return {
        "sid": sid, "account_sid": net.account_sid, "friendly_name": number, "phone_number": number,
        "date_created": made, "date_updated": made, "uri": path(net.account_sid, "OutgoingCallerIds", sid),
    }  # fmt: skip


def when(at: datetime | None) -> str | None:
    """RFC 2822, or None."""
    return rfc2822(at) if at else None


def formatted(address: str) -> str:
    """North American numbers as (312) 555-0100; others as they are."""
    match = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", address)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else address
