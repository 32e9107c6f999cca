"""In which order rows are locked, on the database that locks rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text

from ivr.calls import arriving, legs
from ivr.services import Services
from ivr.twilio.parameters import VoiceRequest
from ivr.work import transaction
from tests.races.dispatcher import NUMBERS
from tests.races.place import Place, let_go

pytestmark = pytest.mark.postgres
_QUEUING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def until_somebody_queues(services: Services) -> None:
    """Until another connection waits for a lock. That of the statement itself ends this, should nobody come."""
    with services.database.read() as connection:
        while not connection.execute(_QUEUING).scalar_one():
            connection.rollback()


def test_whoever_wants_a_leg_waits_for_its_call_before_holding_the_leg(postgres_place: Place) -> None:
    services = postgres_place.services()
    with transaction(services) as work:
        asked = VoiceRequest(call_sid=f"CA{uuid4().hex}", from_="+13125550199", to=NUMBERS[0])
        leg_id = arriving.arrive(work, asked)
        call_id = legs.get(work, leg_id).call_id

    def changes_the_leg() -> None:
        with transaction(services) as other:
            legs.get(other, leg_id)

    with ThreadPoolExecutor(1) as pool:
        with transaction(services) as work:
            legs.lock_call(work, call_id)
            waits = pool.submit(changes_the_leg)
            until_somebody_queues(services)
            # Were the leg held by whoever waits for the call, each would now wait for the other.
            assert legs.get(work, leg_id).id == leg_id
        waits.result()
    let_go(services)
