from __future__ import annotations

from tests.oncall.conftest import clinician, line, paged, path
from tests.web.conftest import any_line, furnished, furnished_postgres

__all__ = ["any_line", "clinician", "furnished", "furnished_postgres", "line", "paged", "path"]
