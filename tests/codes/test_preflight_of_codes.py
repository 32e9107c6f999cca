"""A practice whose codes can reach nobody is told so before patients call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from ivr.codes.preflight import check_numbers
from ivr.core.preflight import Examined
from ivr.directory.revisions import load
from ivr.patients.tables import patient, patient_key
from tests.calls.office import Office

pytestmark = pytest.mark.sqlite_first


def told(office: Office) -> list[str]:
    with office.services.database.read() as connection:
        examined = Examined(office.services.settings, connection, load(connection), office.world.now)
        assert list(check_numbers(replace(examined, organisation=None))) == []
        return [finding.what for finding in check_numbers(examined)]


def test_numbers_that_are_all_new_are_told_of_and_one_that_is_not_is_enough(known: Office) -> None:
    assert told(known) == []
    new = update(patient).values(phone_since=(known.world.now - timedelta(days=29)).date())
    with known.services.database.write() as connection:
        connection.execute(new)
    assert told(known) == ["maple has one-time codes sent, and no number of its records is known for 30 days"]
    with known.services.database.write() as connection:
        connection.execute(delete(patient_key))
        connection.execute(delete(patient))
    assert told(known) == []
