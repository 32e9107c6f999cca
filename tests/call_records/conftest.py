from __future__ import annotations

from tests.canary.test_nothing_private_leaves import log
from tests.web.conftest import any_line, furnished, furnished_postgres, line

__all__ = ["any_line", "furnished", "furnished_postgres", "line", "log"]
