"""The record of a call. Every item is there, with what is known or with the reason in words why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from callflows.call_record import items, parts
from callflows.call_record.material import Material
from callflows.call_record.values import Cell, Unknown


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the record tells: its ``value``, or why it is ``missing``."""

    name: str
    value: Cell = field(default="", repr=False)
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the record. ``remark`` says why there are no rows, or what is not known of them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """The record of one call, whose times are read on the clocks of ``zone`` and in UTC."""

    call_id: str
    zone: str
    items: tuple[Item, ...]
    parts: tuple[Part, ...]

    def item(self, name: str) -> Item:
        """An item by its name."""
        return next(one for one in self.items if one.name == name)

    def part(self, name: str) -> Part:
        """A list by its name."""
        return next(one for one in self.parts if one.name == name)


def compose_record(known: Material) -> CallRecord:
    """The record of a call, from all that is known of it."""
    lists = [(told, told.tell(known)) for told in parts.PARTS]
    return CallRecord(
        known.about.id,
        known.about.zone,
        tuple(_item(name, tell(known)) for name, tell in items.ITEMS),
        tuple(Part(told.name, told.columns, rows, told.remark(known, rows)) for told, rows in lists),
    )


def find_gaps(record: CallRecord) -> Iterator[str]:
    """What a record leaves open without a reason."""
    yield from (one.name for one in record.items if bool(one.value) == bool(one.missing))
    for part in record.parts:
        if not part.rows and not part.remark:
            yield part.name
        for number, row in enumerate(part.rows, start=1):
            if len(row) != len(part.columns) or not all(row):
                yield f"{part.name}, row {number}"


def _item(name: str, told: Cell | Unknown) -> Item:
    return Item(name, missing=told.why) if isinstance(told, Unknown) else Item(name, told)
