"""``sunline codes``: a code is shown once and kept nowhere, renewed and withdrawn, and what lacks one is told of."""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from ivr.accounts.passwords import verify_password
from ivr.audit.tables import audit_row
from ivr.core.preflight import Examined
from ivr.core.settings import read_settings
from ivr.directory.revisions import load
from ivr.professionals.preflight import check_codes
from ivr.professionals.tables import organisation_code
from tests.ops.conftest import Run
from tests.web.line import NIGHT, Line, environment


def shown(text: str) -> str:
    (found,) = re.findall(r"\d{3} \d{3} \d{3}", text)
    return found.replace(" ", "")


def told(line: Line) -> list[str]:
    settings = read_settings(environment(line.path.parent))
    with line.database.read() as connection:
        return [one.what for one in check_codes(Examined(settings, connection, load(connection), NIGHT))]


def stored(line: Line) -> list[str]:
    with line.database.read() as connection:
        return list(connection.execute(select(organisation_code.c.hash)).scalars())


def test_a_code_is_shown_once_and_its_hash_alone_is_kept(line: Line, run: Run) -> None:
    made = run("codes", "make", "riverside", "lakeside")
    assert made.exit_code == 0, made.output
    code = shown(made.output)
    assert "Lakeside Laboratories" in made.output
    (kept,) = stored(line)
    assert verify_password(kept, code)
    with line.database.read() as connection:
        assert code not in repr(connection.execute(select(audit_row)).all())
    assert code not in run("codes", "list").output


def test_another_code_takes_the_place_of_the_one_before(line: Line, run: Run) -> None:
    first = shown(run("codes", "make", "riverside", "lakeside").output)
    refused = run("codes", "make", "riverside", "lakeside")
    assert refused.exit_code == 1
    assert "--renew makes another one and ends that one" in refused.output
    (kept,) = stored(line)
    assert verify_password(kept, first)
    renewed = run("codes", "make", "riverside", "lakeside", "--renew")
    assert "The one before is good no more." in renewed.output
    second = shown(renewed.output)
    (kept,) = stored(line)
    assert (verify_password(kept, first), verify_password(kept, second)) == (False, True)


def test_a_withdrawn_code_is_gone_and_there_is_none_to_withdraw_again(line: Line, run: Run) -> None:
    run("codes", "make", "riverside", "lakeside")
    assert run("codes", "withdraw", "riverside", "lakeside").exit_code == 0
    assert stored(line) == []
    again = run("codes", "withdraw", "riverside", "lakeside")
    assert (again.exit_code, "lakeside has no code at riverside" in again.output) == (1, True)


def test_what_is_not_listed_gets_no_code(run: Run) -> None:
    refused = run("codes", "make", "riverside", "lakesite")
    assert refused.exit_code == 1
    assert "did you mean lakeside" in refused.output.replace("'", "")


def test_the_list_tells_who_has_a_code_and_the_checks_who_lacks_one(line: Line, run: Run) -> None:
    assert [what.split(":")[0] for what in told(line)] == [
        "lakeside is listed by riverside and has no code",
        "mercy is listed by riverside and has no code",
    ]
    run("codes", "make", "riverside", "lakeside")
    rows = {row["organisation"]: row["code_made_at"] for row in json.loads(run("codes", "list", "--json").output)}
    assert (rows["lakeside"] is None, rows["mercy"]) == (False, None)
    assert "mercy" in run("codes", "list").output
    assert len(told(line)) == 1
    with line.database.write() as connection:
        connection.execute(organisation_code.update().values(listed_id="gone"))
    assert "gone has a code at riverside and is not listed there: it is good for nothing" in told(line)
    assert "riverside gone: not listed any more." in run("codes", "list").output
