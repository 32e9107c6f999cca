"""A call is forgotten while a legal hold is put on it: it is kept, or the hold says that it is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from callflows.lifecycles.tables import PROMISE
from ivr.callbacks.tables import promise
from ivr.calls.tables import call_log
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import transaction
from ivr.features import installed_features
from ivr.recordings.retention import forget, is_forgotten
from ivr.recordings.tables import recording
from recordings_vault import records
from rehearsals.world import World
from tests.calls.office import Office
from tests.races.threads import at_once, until_it_queues
from tests.recordings.test_retention import leave_message

KEEP = "7y"
ON_POSTGRESQL = pytest.mark.parametrize(
    "any_world", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
"""Writers of SQLite are alone anyway."""


class OldCall:
    """A call that may be forgotten: a message was left, answered, and is eight years old."""

    def __init__(self, world: World, office: Office) -> None:
        row = leave_message(world, office)
        with transaction(office.services) as work:
            assert fire(work, PROMISE, promise, row.id, "keep")
        self.office, self.services, self.call_id = office, office.services, row.call_id
        self.recording_id = office.rows(recording, recording.c.call_id == row.call_id)[0].id
        self.memories = installed_features().memories

    def forget(self) -> bool:
        """What ``sunline retention`` does to it."""
        with self.services.database.write() as connection:
            return forget(connection, self.memories, self.call_id, self.services.clock.now(), KEEP)

    def hold(self) -> bool:
        """What ``sunline vault hold`` does to it; whether it says that what was said is gone."""
        self.services.vault.hold(self.recording_id, actor="rosa", purpose="claim", at=self.services.clock.now())
        with self.services.database.read() as connection:
            return is_forgotten(connection, self.memories, self.recording_id)

    def is_kept(self) -> bool:
        """Whether anything of it is left."""
        return bool(self.office.rows(call_log))


@pytest.fixture
def old_call(any_world: World, any_office: Office) -> OldCall:
    return OldCall(any_world, any_office)


def test_either_the_call_is_kept_or_whoever_puts_the_hold_is_told(old_call: OldCall) -> None:
    forgotten, said_to_be_gone = at_once(old_call.forget, old_call.hold)
    assert (forgotten, said_to_be_gone) == (not old_call.is_kept(), not old_call.is_kept())


@ON_POSTGRESQL
def test_a_hold_that_is_being_put_is_waited_for_and_keeps_the_call(old_call: OldCall) -> None:
    with ThreadPoolExecutor(1) as pool:
        with old_call.services.database.write() as connection:
            records.get(connection, old_call.recording_id, lock=True)
            records.change(connection, old_call.recording_id, legal_hold=True)
            forgets = pool.submit(old_call.forget)
            until_it_queues(old_call.services.database, forgets)
        assert forgets.result() is False
    assert old_call.is_kept()


@ON_POSTGRESQL
def test_a_call_that_is_being_forgotten_is_waited_for_and_said_to_be_gone(old_call: OldCall) -> None:
    with ThreadPoolExecutor(1) as pool:
        with old_call.services.database.write() as connection:
            assert forget(connection, old_call.memories, old_call.call_id, old_call.services.clock.now(), KEEP)
            holds = pool.submit(old_call.hold)
            until_it_queues(old_call.services.database, holds)
        assert holds.result() is True
