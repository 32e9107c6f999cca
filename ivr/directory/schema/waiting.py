"""How callers of a practice wait, and when and where they are rung back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import Country, Duration, Means, Model, OneOrMore, Whole
from ivr.directory.schema.hours import Hours
from routing.ringing import USUAL


def _at_least_one(value: int) -> int:
    if value < 1:
        raise Unreadable(
            "nobody may wait in this line", "let at least one caller wait, or leave it out for the usual 40"
        )
    return value


class Waiting(Model):
    """How callers wait for an agent.

    ``most`` callers before one more is turned away with a promise, ``patience`` until the promise is offered instead,
    and ``call_backs``: the hours, in the zone of the location, in which a phone may be rung for one that is not urgent.
    """

    most: Annotated[
        Annotated[Whole, AfterValidator(_at_least_one)],
        Means("How many callers wait before one more is promised a call-back at once.", "40"),
    ] = 40
    patience: Annotated[Duration, Means("How long a caller waits before a call-back is offered.", "10m")] = timedelta(
        minutes=10
    )
    call_backs: Annotated[
        Hours,
        Means(
            "When a phone is rung for a call-back that is not urgent, on the location's clocks.",
            '{mon-sun: ["08:00-20:00"]}',
            default='{mon-sun: ["08:00-21:00"]}',
        ),
    ] = USUAL
    call_back_countries: Annotated[
        OneOrMore[Country],
        Means(
            "Countries, beside the United States, Canada, Puerto Rico and the Virgin Islands, in which somebody who "
            "calls from there is called back when it is urgent. Never for a call-back that is not.",
            "[MX]",
        ),
    ] = ()
