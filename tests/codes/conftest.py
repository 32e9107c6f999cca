from __future__ import annotations

from pathlib import Path

import pytest

from tests.calls.office import Office
from tests.calls.worlds import any_office, any_world, furnished_postgres, office, world
from tests.codes.codes import send_through_verify
from tests.taking_in import take_in_rows

__all__ = ["any_office", "any_world", "furnished_postgres", "office", "world"]

PATIENTS = """id,name,date_of_birth,zip,phone,phone_since,language
A-1,Ana Example,1988-02-29,60699,+13125550199,2024-05-02,en-US
B-2,Bo Example,1970-01-31,60698,+13125550198,2026-10-10,en-US
C-3,Cy Example,1971-03-01,60697,+13125550100,2024-05-02,en-US
D-4,Di Example,1972-04-02,60696,+18005551234,2024-05-02,en-US
E-5,Ed Example,1973-05-03,60695,,,en-US
F-6,Fa Example,1974-06-04,60694,+13125550199,2024-05-02,en-US
"""


@pytest.fixture
def known(any_office: Office, tmp_path: Path) -> Office:
    """An office that knows some patients, of whom only the first and the last have a number that gets codes."""
    take_in_rows(any_office.services, tmp_path, PATIENTS, any_office.world.now)
    return any_office


@pytest.fixture
def verified(known: Office) -> Office:
    """The same office, whose practice has its codes sent and checked by Twilio Verify."""
    send_through_verify(known.world)
    return known


@pytest.fixture(params=["sunline", "verify"])
def either(request: pytest.FixtureRequest, known: Office) -> Office:
    """The office with each way of sending codes."""
    if request.param == "verify":
        send_through_verify(known.world)
    return known
