from __future__ import annotations

from tests.codes.conftest import any_office, any_world, furnished_postgres, known

__all__ = ["any_office", "any_world", "furnished_postgres", "known"]
