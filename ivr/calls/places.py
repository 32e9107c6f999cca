"""Whose calls: those of a practice, or of one location of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from ivr.calls.tables import call


@dataclass(frozen=True, slots=True)
class Place:
    """A practice, or the one location of it that is named."""

    practice_id: str
    location_id: str = ""

    def has_call(self) -> ColumnElement[bool]:
        """Whether a row of the table of calls is of this place."""
        ours = call.c.practice_id == self.practice_id
        return and_(ours, call.c.location_id == self.location_id) if self.location_id else ours
