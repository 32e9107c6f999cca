"""Values of FHIR R4 resources of people, as far as they are in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from ivr.patients.values import text_of

_NAME_USES = ("official", "usual", None)
_PHONE_USES = ("mobile", "home", None, "work", "temp")


def list_of(of: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What stands in a list, as far as it can be read."""
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def map_of(of: dict[str, Any], name: str) -> dict[str, Any]:
    """What stands in a field, or nothing."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def first_in_force(items: list[dict[str, Any]], order: tuple[str | None, ...], today: date) -> dict[str, Any]:
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
    period, now = map_of(item, "period"), today.isoformat()
    start, end = (text_of(period.get(name))[:10] for name in ("start", "end"))
    return start <= now[: len(start)] and (not end or now[: len(end)] <= end)


def name_of(resource: dict[str, Any], today: date) -> str:
    """Given names and family name."""
    name = first_in_force(list_of(resource, "name"), _NAME_USES, today)
    given = name.get("given")
    parts = [text_of(part) for part in given] if isinstance(given, list) else []
    return " ".join(part for part in (*parts, text_of(name.get("family"))) if part) or text_of(name.get("text"))


def first_phone(resource: dict[str, Any], today: date) -> dict[str, Any]:
    """The telephone by which somebody is reached best."""
    phones = [item for item in list_of(resource, "telecom") if item.get("system") in ("phone", "sms")]
    return first_in_force(phones, _PHONE_USES, today)


def target_of(reference: dict[str, Any]) -> str:
    """The id that a reference points to; empty where there is none."""
    written = text_of(reference.get("reference")).partition("/_history/")[0]
    return written.rpartition("/")[2].removeprefix("urn:uuid:")
