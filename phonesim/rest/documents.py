"""The JSON of each resource (Twilio: OpenAPI api v2010)."""

import re
from datetime import datetime
from typing import Any

from phonesim.callqueue import Entry, Queue
from phonesim.conference import Conference
from phonesim.leg import Leg
from phonesim.participant import Participant
from phonesim.recording import Recording
from phonesim.texts import TextMessage
from phonesim.values import rfc2822

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
    account = one.net.account_sid
    deleted = one.status == "deleted"
    inside = path(account, "Recordings", one.sid).removesuffix(".json")
    return {
        "sid": one.sid, "account_sid": account, "api_version": VERSION,
        "call_sid": None if one.conference else one.leg.sid,
        "conference_sid": one.conference.sid if one.conference else None, "date_created": when(one.started_at),
        "date_updated": when(one.updated), "start_time": when(one.started_at),
        "duration": None if one.running or deleted else str(round(one.seconds)), "channels": one.channels,
        "track": one.track, "source": one.source, "status": one.status, "error_code": one.error_code, "price": None,
        "price_unit": "USD", "uri": f"{inside}.json", "media_url": None if deleted else one.url,
        "encryption_details": one.envelope.details() if one.envelope else None,
        "subresource_uris": {"add_on_results": f"{inside}/AddOnResults.json",
                             "transcriptions": f"{inside}/Transcriptions.json"},
    }  # fmt: skip


def queue(one: Queue) -> Json:
    """A Queue."""
    account = one.net.account_sid
    inside = path(account, "Queues", one.sid).removesuffix(".json")
    return {
        "sid": one.sid, "account_sid": account, "friendly_name": one.name, "current_size": len(one.waiting),
        "max_size": one.max_size, "average_wait_time": one.average, "date_created": when(one.created),
        "date_updated": when(one.updated), "uri": f"{inside}.json",
        "subresource_uris": {"members": f"{inside}/Members.json"},
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
    account, manner = one.conference.net.account_sid, one.manner
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
        "sid": one.sid, "account_sid": account, "api_version": VERSION, "to": one.to, "from": one.from_,
        "body": one.body, "status": one.status, "direction": "outbound-api", "error_code": one.error_code,
        "error_message": None, "num_media": "0", "num_segments": str(1 + max(0, len(one.body) - 1) // 160),
        "messaging_service_sid": one.service_sid, "price": None, "price_unit": "USD",
        "date_created": when(one.created), "date_updated": when(one.updated), "date_sent": when(one.sent),
        "uri": f"{inside}.json", "subresource_uris": {"media": f"{inside}/Media.json"},
    }  # fmt: skip


def when(at: datetime | None) -> str | None:
    """RFC 2822, or None."""
    return rfc2822(at) if at else None


def formatted(address: str) -> str:
    """North American numbers as (312) 555-0100; others as they are."""
    match = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", address)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else address
