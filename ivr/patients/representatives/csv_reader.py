"""Representatives from the rows of a CSV file that has a column ``represents``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from callflows.authority import RELATIONS
from ivr.directory.problems import Problem
from ivr.patients.csv_rows import Columns
from ivr.patients.records import Reading
from ivr.patients.representatives.records import LONGEST_SCOPE, ON_RECORD, PROOFS, RepresentativeRecord
from ivr.patients.representatives.tables import FIELDS
from ivr.patients.values import day_of, yes_or_no

TOLD_BY = "represents"
"""The column by which a file of representatives is told from one of patients."""
_AUTHORITY = "it says for whom somebody may speak, about what, and how long"
COLUMNS = Columns(
    known=(
        "id",
        TOLD_BY,
        "name",
        "relation",
        "date_of_birth",
        "scope",
        "proof",
        "proof_seen_on",
        "proof_seen_by",
        "from",
        "until",
        "denied",
        "active",
    ),
    required=("id", TOLD_BY, "name", "relation"),
    never_ignored=dict.fromkeys((TOLD_BY, "relation", "scope", "from", "until", "denied", "active"), _AUTHORITY),
)
NO_SERVICE = "none"
"""In a scope: of no service at all."""


def read_row(cells: Mapping[str, str], file: str, line: int) -> Reading:
    """What stands in one row."""
    return Reading(line, None, tuple(_problems(cells, file, line)), _record(cells, line))


def _record(cells: Mapping[str, str], line: int) -> RepresentativeRecord:
    until = cells.get("until", "")
    return RepresentativeRecord(
        external_id=cells.get("id", ""),
        represents=cells.get(TOLD_BY, ""),
        values={name: cells[name] for name in FIELDS if name in cells},
        relation=_relation(cells.get("relation", "")) or "",
        line=line,
        scope=read_scope(cells["scope"]) if "scope" in cells else None,
        proof=_proof(cells.get("proof", "")) or ON_RECORD,
        proof_seen_on=day_of(cells.get("proof_seen_on", "")),
        proof_seen_by=cells.get("proof_seen_by", ""),
        starts_on=day_of(cells.get("from", "")),
        ends_on=day_of(until),
        # What cannot be read may say that somebody is to be kept away, or does not speak for the patient any more.
        denied=yes_or_no(cells.get("denied", "false")) is not False,
        active=yes_or_no(cells.get("active", "true")) is True and (not until or day_of(until) is not None),
    )


def read_scope(text: str) -> tuple[str, ...] | None:
    """Names of services; none of "none". None where it is too long to be a list of them."""
    if len(text) > LONGEST_SCOPE:
        return None
    names = text.replace(",", " ").replace(";", " ").split()
    return () if names == [NO_SERVICE] else tuple(dict.fromkeys(names))


def _relation(text: str) -> str | None:
    plain = text.casefold().replace(" ", "_").replace("-", "_")
    return plain if plain in RELATIONS else None


def _proof(text: str) -> str | None:
    plain = text.casefold().replace(" ", "-").replace("_", "-")
    return plain if plain in PROOFS else None


def _problems(cells: Mapping[str, str], file: str, line: int) -> Iterator[Problem]:
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "relation": (_relation, f"write one of {', '.join(RELATIONS)}"),
        "scope": (read_scope, "write names of services with spaces between them, all, or none"),
        "proof": (_proof, f"write one of {', '.join(PROOFS)}"),
        "proof_seen_on": (day_of, "write a day as YYYY-MM-DD"),
        "from": (day_of, "write a day as YYYY-MM-DD"),
        "until": (day_of, "write a day as YYYY-MM-DD"),
        "denied": (yes_or_no, "write true or false"),
        "active": (yes_or_no, "write true or false"),
    }
    for name, (read, mend) in checks.items():
        if name in cells and read(cells[name]) is None:
            yield Problem(file, line, f"the {name} cannot be read", mend, about=name)
    if "relation" not in cells:
        mend = checks["relation"][1]
        yield Problem(file, line, "the relation is missing", mend, about="relation")
