"""Callers who are asked for a code, and the codes that were texted."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import Row

from callflows.vocabulary import AwaitCode
from ivr.audit.tables import audit_row
from ivr.calls.tables import call
from ivr.codes.tables import one_time_code
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from rehearsals.world import World
from tests.calls.office import CALLER, Office, Party

ANA, BO, CY, DI, ED, FA = (
    ("02291988", "60699"), ("01311970", "60698"), ("03011971", "60697"), ("04021972", "60696"), ("05031973", "60695"),
    ("06041974", "60694"),
)  # fmt: skip
ASKED = "We are texting a code of six digits to the number we have on file."
WRONG = "That is not the code."
OTHER = "+13125550177"
SERVICE = "VA0123456789abcdef0123456789abcdef"


def asks_for_a_bill(office: Office, who: tuple[str, str] = ANA, from_: str = OTHER) -> Party:
    """Somebody who wants something of L2 and was matched with the record of ``who``."""
    caller = office.dialled(from_=from_)
    for keys in ("1", "4", "1", *who):
        caller.presses(keys)
    return caller


def texts(office: Office, to: str = CALLER) -> list[str]:
    """The texts that came to a telephone, once everything is done that is due."""
    office.world.settle()
    office.passes(5)
    office.world.settle()
    return [text.body for text in office.world.net.phone(to).messages]


def code_in(text: str) -> str:
    (found,) = re.findall(r"\b\d{6}\b", text)
    return str(found)


def other_than(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 10**6:06}"


def level(office: Office, caller: Party) -> str:
    return str(office.one(call, call.c.id == caller.leg.call_id).identity_level)


def newest(office: Office) -> Row[Any]:
    return max(office.rows(one_time_code), key=lambda row: row.made_at)


def gives(office: Office, caller: Party, code: str) -> str:
    """Key in a code, and what is heard once it is known what comes of it."""
    heard = caller.presses(code).words
    if caller.leg.pending_kind != AwaitCode.__name__:
        return heard
    office.world.settle()
    return hears_now(caller)


def hears_now(caller: Party) -> str:
    """What the caller hears where they are now."""
    return caller.asks(f"/voice/leg/{caller.leg.id}/0/document").words


def tried(office: Office) -> list[str]:
    """What the audit trail says of codes."""
    return [row.outcome for row in office.rows(audit_row, audit_row.c.action == "patient.code")]


def send_through_verify(world: World) -> None:
    """Have Twilio Verify make, text and check the codes of the practice from now on."""
    with world.services.database.write() as connection:
        tree = json.loads(revisions.load(connection).to_json())
        tree["practices"]["maple"]["identity"]["L2"] |= {"through": "verify", "service": SERVICE}
        revisions.apply(connection, organisation_of(tree), world.now, "rosa")
    world.net.add_verify_service(SERVICE, "Maple Family Medicine")
