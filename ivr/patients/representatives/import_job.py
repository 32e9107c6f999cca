"""The representatives of a file, taken in step by step once its patients are on file."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.directory import revisions
from ivr.directory.problems import Problem
from ivr.patients.destination import Destination
from ivr.patients.importing import Counts
from ivr.patients.representatives.checks import unknown_services
from ivr.patients.representatives.importing import (
    RepresentativeBatch,
    end_representatives,
    plan_representatives,
    store_representatives,
)
from ivr.patients.representatives.on_file import compare_representatives
from ivr.patients.representatives.records import RepresentativeRecord
from ivr.patients.representatives.sealing import seal_representatives


@dataclass(slots=True)
class RepresentativesJob:
    """``coming`` are hashes of the ids of patients whom a dry run would have taken in."""

    to: Destination
    coming: AbstractSet[str] = frozenset()
    counts: Counts = field(default_factory=Counts)
    ended: int = 0

    def compare(
        self, records: list[RepresentativeRecord], file: str, *, other_persons: bool
    ) -> tuple[list[Problem], set[int]]:
        """What is wrong between them and what the practice has, and the lines of those whose patient is not on file."""
        with self.to.read() as connection:
            services = revisions.load(connection).practice(self.to.practice).services
            problems, of_nobody = compare_representatives(
                connection, self.to.cipher, self.to.practice, records, file, other_persons=other_persons
            )
        return [*problems, *(one for record in records for one in unknown_services(record, services, file))], of_nobody

    def store(self, batch: RepresentativeBatch) -> None:
        """Take in some of them, and end those of whom nothing but that is known."""
        sealed = seal_representatives(self.to.cipher, self.to.practice, batch.taken)
        with self.to.transaction() as connection:
            plan = plan_representatives(
                connection, self.to.practice, sealed, self.to.at, random_ids(), coming=self.coming
            )
            if not self.to.dry_run:
                store_representatives(connection, plan)
                self._note(connection, str(plan.counts))
        self.counts += plan.counts
        if batch.ended:
            self._end(batch.ended)

    def _end(self, records: Sequence[RepresentativeRecord]) -> None:
        with self.to.transaction() as connection:
            ended = end_representatives(
                connection, self.to.cipher, self.to.practice, records, self.to.at, dry_run=self.to.dry_run
            )
            if ended and not self.to.dry_run:
                self._note(connection, f"ended {ended}")
        self.ended += ended

    def _note(self, connection: Connection, reason: str) -> None:
        self.to.note(connection, "representatives.import", reason)

    def tell(self, file: str) -> list[str]:
        """What was done, in words."""
        kept = " (dry run: nothing was kept)" if self.to.dry_run else ""
        lines = [f"{file}: representatives {self.counts}{kept}"]
        if self.ended:
            whose = counted(self.ended, "representative")
            lines.append(f"{whose} on file ended, as what came of them was left out: nobody is taken for them")
        return lines
