"""One installation that many dispatchers share: where its database, its keys and its Redis are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Table, select
from werkzeug.wrappers import Request, Response

from ivr.core.clock import SteppedClock
from ivr.core.demo_clock import DemoClock
from ivr.core.services import Services
from ivr.core.settings import read_settings
from ivr.features import installed_features
from ivr.installation.building import build_services
from ivr.twilio.rest_api import RestApi, WsgiTransport
from rehearsals.world import TOKEN
from tests.twilio.conftest import ACCOUNT, SECRET, StandIn, answer, call

MONDAY = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
"""Nine in Chicago: the front desk, Cape Town and Bogota are at work, and phones may be rung for call-backs."""
RATE = 30.0
"""How much faster than real time the shared clock goes, so that what rings, rests and waits also ends."""


@dataclass(frozen=True, slots=True)
class Place:
    """A furnished database, the folder of its master key, and a Redis."""

    database_url: str
    folder: str
    redis_url: str

    def services(self) -> Services:
        """What a process of the installation works with; the phone network behind it says yes to everything."""
        settings = read_settings(
            {
                "SUNLINE_MODE": "demo",
                "SUNLINE_DATA_DIR": self.folder,
                "SUNLINE_DATABASE_URL": self.database_url,
                "SUNLINE_REDIS_URL": self.redis_url,
                "SUNLINE_PUBLIC_URL": "https://sunline.example",
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
            }
        )
        services = build_services(settings, installed_features())
        services.twilio = RestApi(ACCOUNT, (ACCOUNT, SECRET), WsgiTransport(network()))
        return services

    def begin(self, rate: float = RATE) -> None:
        """Start the clock that all share, which goes ``rate`` times as fast as real time."""
        services = self.services()
        clock = services.clock
        assert isinstance(clock, DemoClock)
        clock.set(MONDAY, rate)
        let_go(services)


class ClockOfActs(SteppedClock):
    """Goes on with what is done and not with real time: on a busy machine no more becomes due than on a quiet one.

    A lease lasts as long as by the shared clock.
    """

    rate = RATE


def let_go(services: Services) -> None:
    """Close what a process of the installation has opened."""
    services.database.dispose()
    if services.redis is not None:
        services.redis.close()


def rows(services: Services, table: Table, *clauses: Any) -> Sequence[Row[Any]]:
    """Rows of a table, in the order of its key."""
    with services.database.read() as connection:
        return connection.execute(select(table).where(*clauses).order_by(*table.primary_key.columns)).all()


def network() -> StandIn:
    """A phone network without a memory: every call can be made, redirected and ended, goes on, and is not recorded.

    Every text is delivered.
    """
    said = StandIn()
    said.on("POST", "/Calls.json", lambda request: answer(201, **call(f"CA{uuid4().hex}"))(request))
    said.on("GET", "/Calls.json", answer(200, calls=[]))
    said.on("POST", r"/Calls/CA\w+\.json", _changed)
    said.on("GET", r"/Calls/CA\w+\.json", _changed)
    said.on("POST", "/Messages.json", lambda request: answer(201, sid=f"SM{uuid4().hex}", status="queued")(request))
    said.on("GET", "/Messages.json", answer(200, messages=[], next_page_uri=None, page=0))
    said.on(
        "GET", r"/Messages/SM\w+\.json", lambda request: answer(200, sid=_sid(request), status="delivered")(request)
    )
    return said


def _changed(request: Request) -> Response:
    status = request.form.get("Status") or "in-progress"
    return answer(200, **call(_sid(request), status=status))(request)


def _sid(request: Request) -> str:
    return Path(request.path).stem
