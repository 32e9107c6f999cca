from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Row

from ivr.oncall.tables import page
from tests.web.conftest import any_line, furnished, furnished_postgres
from tests.web.line import PIN, Browser, Line

__all__ = ["any_line", "furnished", "furnished_postgres"]


@pytest.fixture
def line(any_line: Line) -> Line:
    """On each backend: signing in locks rows and takes a turn."""
    return any_line


@pytest.fixture
def paged(line: Line) -> Row[Any]:
    """Dr Lee is being paged for somebody with a red flag."""
    line.ill_caller()
    return line.one(page)


@pytest.fixture
def path(paged: Row[Any]) -> str:
    return f"/oncall/{paged.token}"


@pytest.fixture
def clinician(line: Line, path: str) -> Browser:
    """Dr Lee's browser, with the PIN given."""
    browser = line.client()
    assert browser.post(path, pin=PIN).location == path
    return browser
