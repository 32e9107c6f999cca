from __future__ import annotations

import pytest

from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import Installation
from ivr.ops.configuration_commands import load_organisation
from tests.directory.conftest import AT, EXAMPLE, installation
from tests.web.conftest import furnished, line

__all__ = ["furnished", "installation", "line"]


@pytest.fixture
def example(installation: Installation) -> Organisation:
    """The example organisation, in force on a Sunday morning on which Dr Lee is on call for Maple."""
    organisation = read_folder(EXAMPLE, at=AT)
    load_organisation(installation, organisation, AT, seen=None)
    return organisation
