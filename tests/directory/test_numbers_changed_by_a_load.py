"""A configuration that changes a clinician's number leaves the old one to be told, and a row in the audit trail."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.audit.tables import audit_row
from ivr.directory.organisation import Organisation, organisation_of, read_folder
from ivr.installation.command_line import Installation
from ivr.oncall.tables import changed_number
from ivr.ops.configuration_commands import load_organisation
from tests.directory.conftest import AT, EXAMPLE

OLD, NEW = "+13125550181", "+13125550381"
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.sqlite_first


def with_number(organisation: Organisation, number: str) -> Organisation:
    tree = json.loads(organisation.body)
    tree["oncall"]["people"]["dr-lee"] |= {"voice": number, "sms": number}
    return organisation_of(tree)


def rows(installation: Installation) -> list[tuple[str, str, bool, bool]]:
    with installation.database.read() as connection:
        found = connection.execute(select(changed_number).order_by(changed_number.c.changed_at))
        return [(row.person_id, row.number, row.rung, row.until > AT + 3 * HOUR) for row in found]


def audited(installation: Installation) -> list[tuple[str, str | None]]:
    with installation.database.read() as connection:
        found = connection.execute(select(audit_row.c.action, audit_row.c.object_id).order_by(audit_row.c.sequence))
        return [tuple(row) for row in found]  # type: ignore[misc]


def test_a_load_keeps_the_old_number_and_its_undoing_ends_that(installation: Installation) -> None:
    first = read_folder(EXAMPLE, at=AT)
    second = with_number(first, NEW)
    seen = load_organisation(installation, first, AT, seen=None)
    assert rows(installation) == []
    changed = load_organisation(installation, second, AT + HOUR, seen=seen)
    assert rows(installation) == [("dr-lee", OLD, True, True)]
    load_organisation(installation, second, AT + HOUR, seen=changed)
    assert rows(installation) == [("dr-lee", OLD, True, True)]
    load_organisation(installation, first, AT + 2 * HOUR, seen=changed)
    assert rows(installation) == [("dr-lee", OLD, True, False), ("dr-lee", NEW, False, True)]
    assert [row for row in audited(installation) if row[0] == "oncall.number-changed"] == [
        ("oncall.number-changed", "dr-lee")
    ] * 2


def test_a_load_that_changes_nobody_s_number_keeps_none(installation: Installation) -> None:
    first = read_folder(EXAMPLE, at=AT)
    tree = json.loads(first.body)
    tree["oncall"]["people"]["dr-lee"]["name"] = "Dr Li"
    seen = load_organisation(installation, first, AT, seen=None)
    load_organisation(installation, organisation_of(tree), AT + HOUR, seen=seen)
    assert rows(installation) == []
