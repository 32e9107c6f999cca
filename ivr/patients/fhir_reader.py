"""Patients from FHIR R4 bulk data: one Patient resource a line (HL7 FHIR: "Patient", "Bulk Data Access", ndjson)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ivr.directory.problems import Problem
from ivr.directory.us_states import state_code
from ivr.patients.records import PatientRecord, language_tag

_PHONE_USES = ("mobile", "home", None, "work", "temp")


def read_ndjson(path: Path, problems: list[Problem]) -> Iterator[PatientRecord]:
    """Every Patient; faults of a line go to ``problems``."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            resource = _resource(line)
            if resource is None:
                what = "the line is not a FHIR Patient"
                problems.append(Problem(str(path), number, what, "export the Patient resources only, one a line"))
            else:
                yield _record(resource, number)


def _resource(line: str) -> dict[str, Any] | None:
    try:
        resource = json.loads(line)
    except (ValueError, RecursionError):  # the latter of a line that nests without end
        return None
    is_patient = isinstance(resource, dict) and resource.get("resourceType") == "Patient"
    return resource if is_patient else None


def _record(resource: dict[str, Any], line: int) -> PatientRecord:
    phone, address = _phone(resource), _first(_list(resource, "address"), "use", ("home", None))
    written = {
        "name": _name(resource),
        "date_of_birth": resource.get("birthDate"),
        "zip": address.get("postalCode"),
        "mrn": _mrn(resource),
        "phone": phone.get("value"),
    }
    return PatientRecord(
        external_id=_text(resource.get("id")),
        values={name: _text(value) for name, value in written.items() if _text(value)},
        language=_language(resource),
        state=state_code(_text(address.get("state"))),
        phone_since=_day(_text(_map(phone, "period").get("start"))),
        deceased=resource.get("deceasedBoolean") is True or "deceasedDateTime" in resource,
        line=line,
    )


def _list(of: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _map(of: dict[str, Any], name: str) -> dict[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _first(items: list[dict[str, Any]], key: str, order: tuple[str | None, ...]) -> dict[str, Any]:
    """The item that comes first in ``order``; those that are over (``old``) never."""
    ranked = [item for wanted in order for item in items if item.get(key) == wanted]
    return ranked[0] if ranked else {}


def _name(resource: dict[str, Any]) -> str:
    name = _first(_list(resource, "name"), "use", ("official", "usual", None))
    given = name.get("given")
    parts = [_text(part) for part in given] if isinstance(given, list) else []
    return " ".join(part for part in (*parts, _text(name.get("family"))) if part) or _text(name.get("text"))


def _phone(resource: dict[str, Any]) -> dict[str, Any]:
    phones = [item for item in _list(resource, "telecom") if item.get("system") in ("phone", "sms")]
    return _first(phones, "use", _PHONE_USES)


def _mrn(resource: dict[str, Any]) -> str:
    for identifier in _list(resource, "identifier"):
        if any(coding.get("code") == "MR" for coding in _list(_map(identifier, "type"), "coding")):
            return _text(identifier.get("value"))
    return ""


def _language(resource: dict[str, Any]) -> str | None:
    spoken = sorted(_list(resource, "communication"), key=lambda one: one.get("preferred") is not True)
    codings = [coding for one in spoken for coding in _list(_map(one, "language"), "coding")]
    return next((tag for tag in (language_tag(_text(coding.get("code"))) for coding in codings) if tag), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
