"""Coverage of the year to come as it was computed, so that the page on which it is shown only reads."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table, Text

from ivr.core.database import Instant, metadata

coverage = Table(
    "coverage",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("revision_id", ForeignKey("config_revision.id"), nullable=False),
    Column("closures", String(64), nullable=False),
    Column("computed_for", Instant, nullable=False),
    Column("parts", Integer),
    Column("finished_at", Instant),
    Column("asked", Integer),
    Column("gaps", Integer),
    Column("causes", Integer),
)
"""The coverage of one configuration, under the closures that stand, from one instant on for a year.

``number`` counts them in the order in which they were begun: by the clock, which may be set back, that is not known.
``closures`` is a digest of which stand. ``parts`` is known once the first part is there, and what is ``asked`` for, the
``gaps`` and their ``causes`` are counted when it is finished. Then older ones are forgotten.
"""

coverage_part = Table(
    "coverage_part",
    metadata,
    Column("coverage_id", ForeignKey("coverage.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("gaps", JSON),
    Column("picture", Text, nullable=False),
)
"""What a hundred things that callers may want have come to. ``gaps`` is kept until their causes are found."""

coverage_cause = Table(
    "coverage_cause",
    metadata,
    Column("coverage_id", ForeignKey("coverage.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("told", JSON, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("first_from", Instant, nullable=False),
    Column("first_until", Instant, nullable=False),
    Column("hours", Float, nullable=False),
)
"""Gaps that one thing mends, in words. ``first_from`` and ``first_until`` are the first of the times, ``hours`` how
long they are in all; ``zone`` has the clocks by which the words name times."""
