from __future__ import annotations

from tests.web.conftest import any_line, furnished, furnished_postgres, line

__all__ = ["any_line", "furnished", "furnished_postgres", "line"]
