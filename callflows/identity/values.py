"""What is held, what is asked for, and what comes out: plain values, whose repr shows no data of a patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ITEMS = ("name", "date_of_birth", "zip", "mrn", "phone_on_file")
Said = tuple[str, ...]
"""One answer: what the recogniser may have heard, best first. Keyed digits are one alternative ("03141980")."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one record holds of each item; "" for what is not on file."""

    name: str = field(default="", repr=False)
    date_of_birth: str = field(default="", repr=False)
    """YYYY-MM-DD."""
    zip: str = field(default="", repr=False)
    """A ZIP, or a postcode where those are in use."""
    mrn: str = field(default="", repr=False)
    phone_on_file: str = field(default="", repr=False)
    """E.164."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a practice asks for: so many items that agree, those of ``require`` among them."""

    need: int = 2
    require: tuple[str, ...] = ("date_of_birth",)


@dataclass(frozen=True, slots=True)
class Weight:
    """What an item says: the natural logarithm of how many times likelier it is said by the patient than by another."""

    log_ratio: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """One record, or one more item to ask, or nobody. It never tells which item did what.

    ``index`` points into the records that were compared. With "more" it is the better one of them, for those who
    look again with one more item, and no caller and no page is ever told it.
    """

    kind: Literal["one", "more", "none"]
    index: int | None
