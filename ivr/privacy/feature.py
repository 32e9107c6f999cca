"""Keys, and what is sealed with them."""

from __future__ import annotations

from ivr.core.feature import Feature
from ivr.privacy import keys
from ivr.privacy.preflight import check_seals

FEATURE = Feature(
    name="privacy",
    tables=(keys.practice_keyset,),
    checks=(check_seals,),
)
