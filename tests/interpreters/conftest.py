from __future__ import annotations

from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]
