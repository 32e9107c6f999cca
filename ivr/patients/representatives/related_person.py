"""Representatives from FHIR R4 bulk data: one RelatedPerson resource a line (HL7 FHIR: "RelatedPerson")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from callflows.authority import GUARDIAN, HOME_CARE, OTHER, PARENT, POWER_OF_ATTORNEY
from ivr.directory.problems import Problem
from ivr.patients.fhir_values import list_of, map_of, name_of, target_of
from ivr.patients.records import Reading
from ivr.patients.representatives.records import RepresentativeRecord
from ivr.patients.values import first_day, last_day, text_of, values_of

ROLE_CODES = ("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "urn:oid:2.16.840.1.113883.5.111")
ROLE_CLASSES = ("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "urn:oid:2.16.840.1.113883.5.110")
RELATION_OF = {
    "GUARD": GUARDIAN,
    "POWATT": POWER_OF_ATTORNEY,
    "DPOWATT": POWER_OF_ATTORNEY,
    "HPOWATT": POWER_OF_ATTORNEY,
    "PRN": PARENT,
    "MTH": PARENT,
    "FTH": PARENT,
    "NPRN": PARENT,
    "NMTH": PARENT,
    "NFTH": PARENT,
    "ADOPTP": PARENT,
    "ADOPTM": PARENT,
    "ADOPTF": PARENT,
    "CAREGIVER": HOME_CARE,
}
"""By code of HL7 v3: RoleCode, and CAREGIVER of RoleClass. A step or foster parent, a guardian for a lawsuit, a special
power and next of kin are others: their codes do not say that they may speak for a patient.
"""
_WHICH = tuple(dict.fromkeys(RELATION_OF.values()))


def read_related_person(resource: dict[str, Any], file: str, line: int, today: date) -> Reading:
    """What stands in one resource; values that are over by ``today``, or have not begun, are not taken."""
    problems = tuple(
        Problem(file, line, what, mend, warning, about=about)
        for about, what, mend, warning in (*_unreadable(resource), *_remarks(resource))
    )
    return Reading(line, None, problems, _record(resource, line, today))


def _record(resource: dict[str, Any], line: int, today: date) -> RepresentativeRecord:
    written = {
        "name": name_of(resource, today),
        "date_of_birth": resource.get("birthDate"),
    }
    start, end = (text_of(map_of(resource, "period").get(name)) for name in ("start", "end"))
    return RepresentativeRecord(
        external_id=text_of(resource.get("id")),
        represents=_patient(resource),
        values=values_of(written.items()),
        relation=_relation(resource) or OTHER,
        line=line,
        starts_on=first_day(start),
        ends_on=last_day(end),
        # Whatever stands there but a plain yes may say that they do not speak for the patient any more.
        active=resource.get("active", True) is True and _is_end_known(resource),
    )


def _is_end_known(resource: dict[str, Any]) -> bool:
    """Whether the last day can be read, or there is none."""
    period = resource.get("period", {})
    if not isinstance(period, dict):
        return False
    return "end" not in period or last_day(text_of(period["end"])) is not None


def _patient(resource: dict[str, Any]) -> str:
    return target_of(map_of(resource, "patient"))


def _relation(resource: dict[str, Any]) -> str | None:
    """Of several the one that holds longest: a parent who is the guardian too stays so when the patient is of age."""
    codings = [coding for one in list_of(resource, "relationship") for coding in list_of(one, "coding")]
    codes = {coding.get("code") for coding in codings if coding.get("system") in (*ROLE_CODES, *ROLE_CLASSES)}
    found = {RELATION_OF[code] for code in codes if isinstance(code, str) and code in RELATION_OF}
    return next((relation for relation in _WHICH if relation in found), None)


def _unreadable(resource: dict[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    """What would be lost if a value were taken for none: its field, what is wrong, and the mend."""
    period = map_of(resource, "period")
    if not isinstance(resource.get("id", ""), str):
        yield "id", "the id is no text", "write it in quotes: a number loses its zeros", False
    if not isinstance(resource.get("active", True), bool):
        yield "active", "the active cannot be read", "write true or false", False
    if not isinstance(resource.get("period", {}), dict):
        yield "period", "the period cannot be read", "write its start and end as days", False
    for name, read in (("start", first_day), ("end", last_day)):
        if name in period and read(text_of(period[name])) is None:
            yield "period", f"the {name} of its period cannot be read", "write a day as YYYY-MM-DD", False
    if "patient" in resource and not _patient(resource):
        yield "represents", "the patient cannot be read", "write the reference as Patient/ and the id", False


def _remarks(resource: dict[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    if _relation(resource) is None:
        what = "the relationship has no code that says that they may speak for the patient; kept as other"
        yield "relation", what, "write one of the codes in docs/patients.md", True
