"""What the record of a call tells of the operator's own house."""

from __future__ import annotations

from sqlalchemy import select

from ivr.call_records.reading import read_record_of
from ivr.calls.tables import call
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import EXAMPLE, play
from rehearsals.world import World
from tests.rehearsals.conftest import FOLDER


def test_a_house_from_which_a_clinician_took_the_caller_is_not_said_to_have_been_silent() -> None:
    (path,) = FOLDER.glob("85-*.yaml")
    script = read_script(path)
    with World(EXAMPLE, script.at) as world:
        result = play(script, world)
        with world.services.database.read() as connection:
            call_id = connection.execute(select(call.c.id)).scalar_one()
            record = read_record_of(connection, world.services.cipher, call_id)
    assert result.passed, failure(result)
    (house,) = [row for row in record.part("Called").rows if row[1] == "operator"]
    assert (house[4], house[6]) == ("whether is not reported", "a clinician came")
