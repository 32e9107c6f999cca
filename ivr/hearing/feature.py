"""The ear. It adds no table and no effect: whoever asks keeps what was heard."""

from __future__ import annotations

from ivr.core.feature import Feature
from ivr.hearing.preflight import check_hearing

FEATURE = Feature(name="hearing", checks=(check_hearing,))
