"""By which numbers a clinician is reached at a time of day."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator, model_validator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import Means, Model, PhoneNumber, phone_number
from routing.contact import EVERY_DAY, WHOLE_DAY
from routing.windows import DAY_MINUTES, HoursError, Window, parse_clock, parse_days

NO = "no"
"""Written in place of a number: no text goes out."""


def time_of_day(value: Any) -> int:
    """A time on a 24-hour clock, ``22:00``; ``24:00`` is the midnight that ends a day."""
    try:
        return DAY_MINUTES if value == "24:00" else parse_clock(value if isinstance(value, str) else "")
    except HoursError:
        raise Unreadable(f"{value!r} is not a time of day", "write it on a 24-hour clock, such as 22:00") from None


def days_of_week(value: Any) -> frozenset[int]:
    """Days of the week: ``mon``, ``mon-fri``, or a list of them."""
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
        raise Unreadable(f"{value!r} are not days of the week", "write mon-fri, or [mon, wed]")
    try:
        return frozenset(day for one in written for day in parse_days(one))
    except HoursError as error:
        what, _, mend = str(error).partition("; ")
        raise Unreadable(what, mend) from None


def number_to_ring(value: Any) -> str:
    """A telephone number that is rung, in E.164. A clinician always has one."""
    if value == NO:
        raise Unreadable("nothing would be rung", "write a number, or leave voice out; a text alone wakes no one")
    return phone_number(value)


def number_or_no(value: Any) -> str:
    """A telephone number in E.164, or ``no``."""
    return NO if value == NO else phone_number(value)


class ContactEntry(Model):
    """Numbers at a time of day, on the clinician's own clocks. Where no rule holds, ``voice`` and ``sms`` do."""

    starts: Annotated[int | None, PlainValidator(time_of_day), Means("From when; left out: all day.", '"22:00"')] = (
        Field(default=None, alias="from")
    )
    ends: Annotated[
        int | None,
        PlainValidator(time_of_day),
        Means("Until when; at or before `from` it is on the next day.", '"07:00"'),
    ] = Field(default=None, alias="to")
    days: Annotated[
        frozenset[int], PlainValidator(days_of_week), Means("The days on which it begins.", "mon-fri", "mon-sun")
    ] = EVERY_DAY
    voice: Annotated[
        str | None,
        PlainValidator(number_to_ring),
        Means("The telephone that is rung then; left out: the usual one.", '"+13125550381"'),
    ] = None
    text: Annotated[
        str | None,
        PlainValidator(number_or_no),
        Means("Where texts go then, or `no`; left out: where they usually go.", '"+13125550381"'),
    ] = None
    second: Annotated[
        PhoneNumber | None,
        Means("The telephone that is rung for 20 s when the first was not taken.", '"+13125550382"'),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> ContactEntry:
        if (self.starts is None) != (self.ends is None):
            raise Unreadable("the rule has one end only", "write from and to, or neither")
        if self.starts is not None and self.starts in (self.ends, DAY_MINUTES):
            raise Unreadable("the rule never holds", "write from and to that differ, or neither for the whole day")
        if self.voice is None and self.text is None and self.second is None:
            raise Unreadable("the rule changes nothing", "add voice, text or second, or remove it")
        return self

    @property
    def window(self) -> Window:
        """When it holds, on a day on which it begins."""
        if self.starts is None or self.ends is None:
            return WHOLE_DAY
        return Window(self.starts, self.ends if self.ends > self.starts else self.ends + DAY_MINUTES)

    @property
    def needs_clocks(self) -> bool:
        """Whether it matters by which clocks it is read."""
        return self.starts is not None or self.days != EVERY_DAY
