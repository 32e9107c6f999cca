"""The pages of supervisors, compliance officers, administrators and agents."""

from __future__ import annotations

from ivr.core.feature import Feature
from ivr.web.views import console

FEATURE = Feature(
    name="web",
    pages=(console,),
)
