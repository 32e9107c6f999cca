from __future__ import annotations

import pytest

from tests.web.conftest import any_line, furnished, furnished_postgres
from tests.web.line import Line

__all__ = ["any_line", "furnished", "furnished_postgres"]


@pytest.fixture
def line(any_line: Line) -> Line:
    """On each backend: signing in locks rows and takes a turn."""
    return any_line
