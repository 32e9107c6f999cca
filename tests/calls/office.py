"""An installation as the phone network meets it: signed webhooks in, documents out, and tables to look into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from sqlalchemy import ColumnElement, Row, Table, select

from ivr.calls.event_tables import event
from ivr.calls.tables import call_log, leg
from ivr.features import installed_tables
from phonesim.signature import sign
from rehearsals.world import ACCOUNT, PUBLIC_URL, TOKEN, World

CONFIG = Path(__file__).resolve().parents[2] / "config"
NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
"""Half past one at the practices, late morning in Cape Town, late afternoon in Manila."""
MAPLE = "+13125550100"
BACKLINE = "+13125550101"
CALLER = "+13125550199"
_numbers = count(1)


@dataclass(frozen=True)
class Reply:
    """What a webhook was answered."""

    status: int
    text: str

    @property
    def root(self) -> etree._Element:
        """The document, read by a parser that is not ours."""
        return etree.fromstring(self.text.encode())

    @property
    def verbs(self) -> list[str]:
        """The verbs of the document in order, those inside others left out."""
        return [str(verb.tag) for verb in self.root]

    @property
    def words(self) -> str:
        """Everything that is said."""
        return " ".join("".join(said.itertext()) for said in self.root.iter("Say"))

    def url(self, attribute: str) -> str:
        """The one address that is given as ``attribute`` anywhere in the document."""
        (found,) = {str(element.get(attribute)) for element in self.root.iter() if element.get(attribute)}
        return found


class Office:
    """The installation of a world, without its phones: each webhook is sent by hand."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.services = world.services

    def post(self, url: str, /, *, token: str = TOKEN, signature: str | None = None, **fields: str) -> Reply:
        """One webhook, signed as the phone network signs."""
        path = urlsplit(url).path
        signed = signature if signature is not None else sign(token, PUBLIC_URL + path, fields.items())
        headers = {"X-Twilio-Signature": signed}
        answer = self.world.app.test_client().post(path, data=fields, headers=headers)
        return Reply(answer.status_code, answer.get_data(as_text=True))

    def dialled(self, to: str = MAPLE, from_: str = CALLER, **fields: str) -> Party:
        """Somebody dials in."""
        party = Party(self, f"CA{next(_numbers):032x}", from_, to)
        party.asks("/voice/incoming", **fields)
        return party

    def passes(self, seconds: float) -> None:
        """Time goes by without anybody working."""
        self.world.clock.advance(timedelta(seconds=seconds))
        self.world.net.advance_to(self.world.now)

    def rows(self, table: Table, *clauses: ColumnElement[bool]) -> list[Row[Any]]:
        """Rows of a table, in the order of its key."""
        with self.services.database.read() as connection:
            found = select(table).where(*clauses).order_by(*table.primary_key.columns)
            return list(connection.execute(found))

    def one(self, table: Table, *clauses: ColumnElement[bool]) -> Row[Any]:
        """The only such row."""
        (row,) = self.rows(table, *clauses)
        return row

    def alerts(self) -> list[str]:
        """What supervisors were alerted to, in order."""
        return [row.data["what"] for row in self.rows(event, event.c.kind == "alert")]

    def contents(self) -> dict[str, list[Row[Any]]]:
        """All that is stored."""
        tables = [table for metadata in installed_tables() for table in metadata.sorted_tables]
        return {table.name: self.rows(table) for table in tables}


class Party:
    """One leg of the phone network, moved by hand: what it was answered last, and what it does next."""

    def __init__(self, office: Office, sid: str, from_: str, to: str) -> None:
        self.office, self.sid = office, sid
        self.fields = {
            "AccountSid": ACCOUNT, "CallSid": sid, "From": from_, "To": to, "CallStatus": "in-progress",
            "Direction": "inbound", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        self.heard = Reply(0, "")

    def send(self, url: str, **fields: str) -> Reply:
        """One webhook of this leg, whose answer is not followed."""
        return self.office.post(url, **{**self.fields, **fields})

    def asks(self, url: str, **fields: str) -> Reply:
        """One webhook of this leg; its answer is what it hears now."""
        self.heard = self.send(url, **fields)
        return self.heard

    def presses(self, keys: str) -> Reply:
        """Keys, as an answer to the Gather that was heard last."""
        return self.asks(self.heard.url("action"), Digits=keys)

    def says(self, words: str, confidence: str = "0.9") -> Reply:
        """Speech, as an answer to the Gather that was heard last."""
        return self.asks(self.heard.url("action"), SpeechResult=words, Confidence=confidence)

    def plays(self, script: Mapping[str, str] | str) -> Reply:
        """Keys one after another."""
        for key in script:
            self.presses(key)
        return self.heard

    @property
    def leg(self) -> Row[Any]:
        """The row of this leg."""
        return self.office.one(leg, leg.c.twilio_sid == self.sid)

    @property
    def log(self) -> list[Row[Any]]:
        """The answers of this leg, in order."""
        return self.office.rows(call_log, call_log.c.leg_id == self.leg.id)
