"""The steps of a rehearsal, by what they are about. Each is one small function, registered with its phrase."""

from rehearsals.steps import hearing, joining, keeping, outside, phones, speaking, timing  # noqa: F401
from rehearsals.steps.kinds import KINDS, Kind

__all__ = ["KINDS", "Kind"]
