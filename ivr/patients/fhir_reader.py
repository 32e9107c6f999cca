"""Patients from FHIR R4 bulk data (HL7 FHIR: "Patient", "Bulk Data Access", ndjson), and those who represent them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ivr.directory.problems import Problem, some
from ivr.directory.us_states import state_code
from ivr.patients.fhir_values import first_in_force, first_phone, list_of, map_of, name_of, target_of
from ivr.patients.json_reader import read_json
from ivr.patients.records import INACTIVE, REPLACED, RESOURCE, PatientRecord, Reading, language_tag
from ivr.patients.representatives.related_person import read_related_person
from ivr.patients.source import is_text
from ivr.patients.values import NO_TEXT, day_of, hidden_in, text_of, values_of

_ADDRESS_USES = ("home", None)
_IDENTIFIER_USES = ("official", "usual", None)
_NEITHER = "the line is not a FHIR Patient or RelatedPerson"
_SHOWN = {"id": "id", "name": "name", "date_of_birth": "birthDate"}
"""Fields of which it is told that something in them does not show, and where they stand."""
_ONCE = "write each key of an object once: which of the two is right is not known"
_EXPORT = "export the Patient and RelatedPerson resources only, one a line"


def read_ndjson(lines: Iterator[str], file: str, today: date) -> Iterator[Reading]:
    """What stands on every line; what is over by ``today``, or has not begun, is not taken."""
    for number, line in enumerate(lines, 1):
        if not (plain := line.strip("\ufeff \t\r\n")):
            continue
        resource, problems = _resource(plain, file, number)
        if resource is None:
            yield Reading(number, None, problems)
            continue
        read = _read_patient if resource["resourceType"] == "Patient" else read_related_person
        reading = read(resource, file, number, today)
        # Of two values of one key neither is right, so that nothing else is said of them.
        written = ((field, resource.get(key)) for field, key in _SHOWN.items())
        remarks = hidden_in(written, file, number)
        yield replace(reading, problems=problems or (*remarks, *reading.problems))


def _resource(line: str, file: str, number: int) -> tuple[dict[str, Any] | None, tuple[Problem, ...]]:
    if not is_text(line):
        return None, (Problem(file, number, *NO_TEXT),)
    try:
        resource, again = read_json(line)
    except (ValueError, RecursionError):  # the latter of a line that nests without end
        return None, (Problem(file, number, f"{_NEITHER}: it is no JSON, or was cut short", _EXPORT),)
    twice = (Problem(file, number, f"{some(again)} stands twice", _ONCE, about=RESOURCE),) if again else ()
    if isinstance(resource, dict) and resource.get("resourceType") in ("Patient", "RelatedPerson"):
        return resource, twice
    return None, twice or (Problem(file, number, _NEITHER, _EXPORT),)


def _read_patient(resource: dict[str, Any], file: str, line: int, today: date) -> Reading:
    problems = tuple(Problem(file, line, what, mend, about=about) for about, what, mend in _problems(resource))
    return Reading(line, _record(resource, line, today), problems)


def _problems(resource: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What would be lost if a value were taken for none: its field, what is wrong, and the mend."""
    if not isinstance(resource.get("id", ""), str):
        yield "id", "the id is no text", "write it in quotes: a number loses its zeros"
    if not isinstance(resource.get("active", True), bool):
        yield "active", "the active cannot be read", "write true or false"
    if not isinstance(resource.get("deceasedBoolean", False), bool):
        yield "deceased", "the deceasedBoolean cannot be read", "write true or false"
    if not isinstance(resource.get("link", []), list) or any(
        _target(link) is None for link in list_of(resource, "link")
    ):
        yield "link", "a link cannot be read", "write the type, and the reference as Patient/ and the id"


def _record(resource: dict[str, Any], line: int, today: date) -> PatientRecord:
    phone = first_phone(resource, today)
    address = first_in_force(list_of(resource, "address"), _ADDRESS_USES, today)
    written = {
        "name": name_of(resource, today),
        "date_of_birth": resource.get("birthDate"),
        "zip": address.get("postalCode"),
        "mrn": _mrn(resource, today),
        "phone": phone.get("value"),
    }
    links = [found for found in map(_target, list_of(resource, "link")) if found is not None]
    return PatientRecord(
        external_id=text_of(resource.get("id")),
        values=values_of(written.items()),
        language=_language(resource),
        state=state_code(text_of(address.get("state"))),
        phone_since=day_of(text_of(map_of(phone, "period").get("start"))[:10]),
        doctor=_doctor(resource),
        # Whatever stands there but a plain no may say that they died.
        deceased=resource.get("deceasedBoolean", False) is not False or "deceasedDateTime" in resource,
        line=line,
        set_aside=_set_aside(resource, links),
        replaces=tuple(target for kind, target in links if kind == "replaces"),
        linked=tuple(target for kind, target in links if kind in ("refer", "seealso")),
    )


def _set_aside(resource: dict[str, Any], links: list[tuple[str, str]]) -> str | None:
    if any(kind == "replaced-by" for kind, _ in links):
        return REPLACED
    return None if resource.get("active", True) is True else INACTIVE


def _target(link: dict[str, Any]) -> tuple[str, str] | None:
    """The kind of a link and the id it points to."""
    kind, target = text_of(link.get("type")), target_of(map_of(link, "other"))
    return (kind, target) if target and kind in ("replaced-by", "replaces", "refer", "seealso") else None


def _doctor(resource: dict[str, Any]) -> str:
    """The name of the first general practitioner; the id where no name is told."""
    first = next(iter(list_of(resource, "generalPractitioner")), {})
    return text_of(first.get("display")) or text_of(first.get("reference")).removeprefix("Practitioner/")


def _mrn(resource: dict[str, Any], today: date) -> str:
    numbers = [
        identifier
        for identifier in list_of(resource, "identifier")
        if any(coding.get("code") == "MR" for coding in list_of(map_of(identifier, "type"), "coding"))
    ]
    return text_of(first_in_force(numbers, _IDENTIFIER_USES, today).get("value"))


def _language(resource: dict[str, Any]) -> str | None:
    spoken = sorted(list_of(resource, "communication"), key=lambda one: one.get("preferred") is not True)
    codings = [coding for one in spoken for coding in list_of(map_of(one, "language"), "coding")]
    return next((tag for tag in (language_tag(text_of(coding.get("code"))) for coding in codings) if tag), None)
