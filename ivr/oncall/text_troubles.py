"""Numbers of clinicians to which texts do not arrive: their owner has texted STOP, or the carrier gave an error.

They are texted all the same, because nothing else shows that START was texted since: a text that is delivered clears
what is known. Whether and where a telephone rings has nothing to do with it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from ivr.calls.events import alert_daily
from ivr.core.database import upsert
from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.organisation import Organisation
from ivr.oncall.tables import text_trouble
from ivr.twilio.errors import PermanentFailure

OPTED_OUT = 21610
OF_THE_NUMBER = (21211, OPTED_OUT, 21612, 21614)
"""Twilio's refusals that are about the number a text is for: none that exists, opted out, out of reach, no mobile."""
UNKNOWN = 30008
"""Twilio's code for a text that did not arrive, and nobody told why."""


@dataclass(frozen=True, slots=True)
class TextTrouble:
    """A number of somebody to which texts do not arrive, by Twilio's ``code``, and since when."""

    person: str
    number: str
    code: int
    since: datetime

    @property
    def opted_out(self) -> bool:
        """Whether its owner has texted STOP."""
        return self.code == OPTED_OUT

    @property
    def why(self) -> str:
        """Why they do not arrive, for people."""
        return "it has opted out by STOP" if self.opted_out else f"Twilio's error {self.code}"


def send_to_person(
    services: Services, person_id: str, to: Ringable, from_: str, body: str, status_callback: str
) -> str:
    """Send a text to somebody on call and return its sid. Where Twilio refuses the number, that is known from then on.

    Raises what Twilio's answer means.
    """
    try:
        return services.twilio.send_message(to, from_, body, status_callback)
    except PermanentFailure as failure:
        if failure.code in OF_THE_NUMBER:
            code = int(failure.code)
            in_transaction(services, lambda work: note_trouble(work, person_id, to, code))
        raise


def note_trouble(work: Work, person_id: str, number: str, code: int | None) -> None:
    """Note that a text to a number did not arrive, and alert supervisors, once a day for a person and a reason."""
    code = code or UNKNOWN
    row = {"number": number, "person_id": person_id, "code": code, "since": work.at}
    noted = upsert(work.connection, text_trouble).values(row)
    # Another reason is told of anew; since when it has been so is not.
    work.connection.execute(
        noted.on_conflict_do_update(index_elements=["number"], set_={"person_id": person_id, "code": code})
    )
    what = "texts-opted-out" if code == OPTED_OUT else "texts-not-arriving"
    alert_daily(work, what, by="person", person=person_id, code=code)


def clear_trouble(work: Work, number: str) -> None:
    """Note that a text to a number has arrived."""
    work.connection.execute(delete(text_trouble).where(text_trouble.c.number == number))


def list_troubles(
    connection: Connection, organisation: Organisation, people: Collection[str] | None = None
) -> list[TextTrouble]:
    """The numbers to which texts do not arrive, of those that people have now; of ``people`` only, where given."""
    found = connection.execute(select(text_trouble).order_by(text_trouble.c.person_id, text_trouble.c.number))
    return [
        TextTrouble(row.person_id, row.number, row.code, row.since)
        for row in found
        if (people is None or row.person_id in people)
        and row.person_id in organisation.people
        and row.number in organisation.people[row.person_id].numbers
    ]
