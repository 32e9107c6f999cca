from __future__ import annotations

from tests.web.conftest import furnished, line

__all__ = ["furnished", "line"]
