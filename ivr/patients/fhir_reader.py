"""Patients from FHIR R4 bulk data: one Patient resource a line (HL7 FHIR: "Patient", "Bulk Data Access", ndjson)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from ivr.directory.problems import Problem
from ivr.directory.us_states import state_code
from ivr.patients.records import INACTIVE, REPLACED, PatientRecord, Reading, language_tag
from ivr.patients.source import is_text
from ivr.patients.values import NO_TEXT, text_of, values_of

_NAME_USES = ("official", "usual", None)
_PHONE_USES = ("mobile", "home", None, "work", "temp")
_ADDRESS_USES = ("home", None)
_IDENTIFIER_USES = ("official", "usual", None)
_EXPORT = "export the Patient resources only, one a line"


def read_ndjson(lines: Iterator[str], file: str, today: date) -> Iterator[Reading]:
    """What stands on every line; what is over by ``today``, or has not begun, is not taken."""
    for number, line in enumerate(lines, 1):
        if not (plain := line.strip("\ufeff \t\r\n")):
            continue
        resource, problem = _resource(plain)
        if resource is None:
            yield Reading(number, None, (Problem(file, number, *problem),))
        else:
            problems = tuple(
                Problem(file, number, what, mend, about=about) for about, what, mend in _problems(resource)
            )
            yield Reading(number, _record(resource, number, today), problems)


def _resource(line: str) -> tuple[dict[str, Any] | None, tuple[str, str]]:
    if not is_text(line):
        return None, NO_TEXT
    try:
        resource = json.loads(line)
    except (ValueError, RecursionError):  # the latter of a line that nests without end
        return None, ("the line is not a FHIR Patient: it is no JSON, or was cut short", _EXPORT)
    is_patient = isinstance(resource, dict) and resource.get("resourceType") == "Patient"
    return (resource if is_patient else None), ("the line is not a FHIR Patient", _EXPORT)


def _problems(resource: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What would be lost if a value were taken for none: its field, what is wrong, and the mend."""
    if not isinstance(resource.get("id", ""), str):
        yield "id", "the id is no text", "write it in quotes: a number loses its zeros"
    if not isinstance(resource.get("active", True), bool):
        yield "active", "the active cannot be read", "write true or false"
    if not isinstance(resource.get("deceasedBoolean", False), bool):
        yield "deceased", "the deceasedBoolean cannot be read", "write true or false"
    if any(_target(link) is None for link in _list(resource, "link")):
        yield "link", "a link cannot be read", "write the type, and the reference as Patient/ and the id"


def _record(resource: dict[str, Any], line: int, today: date) -> PatientRecord:
    phone = _first(_phones(resource), _PHONE_USES, today)
    address = _first(_list(resource, "address"), _ADDRESS_USES, today)
    written = {
        "name": _name(resource, today),
        "date_of_birth": resource.get("birthDate"),
        "zip": address.get("postalCode"),
        "mrn": _mrn(resource, today),
        "phone": phone.get("value"),
    }
    links = [found for found in map(_target, _list(resource, "link")) if found is not None]
    return PatientRecord(
        external_id=text_of(resource.get("id")),
        values=values_of(written.items()),
        language=_language(resource),
        state=state_code(text_of(address.get("state"))),
        phone_since=_day(text_of(_map(phone, "period").get("start"))),
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
    reference = text_of(_map(link, "other").get("reference")).partition("/_history/")[0]
    kind, target = text_of(link.get("type")), reference.rpartition("/")[2].removeprefix("urn:uuid:")
    return (kind, target) if target and kind in ("replaced-by", "replaces", "refer", "seealso") else None


def _list(of: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _map(of: dict[str, Any], name: str) -> dict[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _first(items: list[dict[str, Any]], order: tuple[str | None, ...], today: date) -> dict[str, Any]:
    """The item in force with the best rank, and of these the one whose use comes first in ``order``, which lacks
    those that are never taken (``old``).
    """
    usable = [one for one in items if one.get("use") in order and _in_force(one, today)]
    return min(usable, key=lambda one: (_rank(one), order.index(one.get("use"))), default={})


def _rank(item: dict[str, Any]) -> float:
    """FHIR: "ContactPoint.rank", 1 is best; whatever has none comes after."""
    rank = item.get("rank")
    return rank if isinstance(rank, int) and rank > 0 else float("inf")


def _in_force(item: dict[str, Any], today: date) -> bool:
    """Whether its period has begun and is not over. A day that is known in part stands for the whole month or year."""
    period, now = _map(item, "period"), today.isoformat()
    start, end = (text_of(period.get(name))[:10] for name in ("start", "end"))
    return start <= now[: len(start)] and (not end or now[: len(end)] <= end)


def _name(resource: dict[str, Any], today: date) -> str:
    name = _first(_list(resource, "name"), _NAME_USES, today)
    given = name.get("given")
    parts = [text_of(part) for part in given] if isinstance(given, list) else []
    return " ".join(part for part in (*parts, text_of(name.get("family"))) if part) or text_of(name.get("text"))


def _phones(resource: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in _list(resource, "telecom") if item.get("system") in ("phone", "sms")]


def _mrn(resource: dict[str, Any], today: date) -> str:
    numbers = [
        identifier
        for identifier in _list(resource, "identifier")
        if any(coding.get("code") == "MR" for coding in _list(_map(identifier, "type"), "coding"))
    ]
    return text_of(_first(numbers, _IDENTIFIER_USES, today).get("value"))


def _language(resource: dict[str, Any]) -> str | None:
    spoken = sorted(_list(resource, "communication"), key=lambda one: one.get("preferred") is not True)
    codings = [coding for one in spoken for coding in _list(_map(one, "language"), "coding")]
    return next((tag for tag in (language_tag(text_of(coding.get("code"))) for coding in codings) if tag), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
