"""The steps of a rehearsal, by what they are about. Each is one small function, registered with its phrase."""

from rehearsals.steps import (  # noqa: F401
    blocks,
    deciding,
    hearing,
    joining,
    looking,
    organisations,
    outside,
    phones,
    records,
    speaking,
    texting,
    timing,
)
from rehearsals.steps.kinds import KINDS, Kind, perform

__all__ = ["KINDS", "Kind", "perform"]
