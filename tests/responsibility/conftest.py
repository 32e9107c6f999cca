from __future__ import annotations

from tests.calls.worlds import any_office, any_world, furnished_postgres, office, world
from tests.web.conftest import furnished, line

__all__ = ["any_office", "any_world", "furnished", "furnished_postgres", "line", "office", "world"]
