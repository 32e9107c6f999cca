from __future__ import annotations

from tests.directory.conftest import installation

__all__ = ["installation"]
