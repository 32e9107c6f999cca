from __future__ import annotations

from tests.calls.worlds import any_office, any_world, furnished_postgres, office, world

__all__ = ["any_office", "any_world", "furnished_postgres", "office", "world"]
