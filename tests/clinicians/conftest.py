from __future__ import annotations

from tests.oncall.conftest import line
from tests.web.conftest import any_line, furnished, furnished_postgres

__all__ = ["any_line", "furnished", "furnished_postgres", "line"]
