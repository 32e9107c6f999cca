"""Filters by time: ``StartTime``, ``StartTime<``, ``StartTime>`` and their kind (Twilio: list resources)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from phonesim.rest.problems import bad_parameter

T = TypeVar("T")
Reader = Callable[[T], datetime | None]
Test = Callable[[datetime], bool]


def within(args: MultiDict[str, str], items: Iterable[T], **readers: Reader[T]) -> Iterator[T]:
    """Those whose times pass every filter that is given. Raises 20001 for a time that cannot be read."""
    tests = [(reader, test) for name, reader in readers.items() for test in _tests(args, name)]
    return (item for item in items if all(_passes(reader(item), test) for reader, test in tests))


def _passes(actual: datetime | None, test: Test) -> bool:
    return actual is not None and test(actual)


def _tests(args: MultiDict[str, str], name: str) -> Iterator[Test]:
    if value := args.get(name):
        day = _read(value).date()
        yield lambda actual: actual.date() == day
    if value := args.get(f"{name}<"):
        last = _read(value)
        yield lambda actual: actual <= last
    if value := args.get(f"{name}>"):
        first = _read(value)
        yield lambda actual: actual >= first


def _read(value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = _from_mail(value)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _from_mail(value: str) -> datetime:
    try:
        return parsedate_to_datetime(value)
    except ValueError as problem:
        raise bad_parameter(20001, "a time filter is neither ISO 8601 nor RFC 2822") from problem
