"""The line of professional callers, and the organisations that may prove for whom they call."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ivr.directory.schema.fields import Identifier, Means, Model, OneOrMore, PhoneNumber, Text, one_of

CALLERS = ("hospital", "laboratory", "pharmacy", "practice", "transfer_centre")


class ListedOrganisation(Model):
    """An organisation whose people may prove for whom they call. Its code is in no file."""

    name: Annotated[Text, Means("What the clinician is told of it, and no caller ever.", "Lakeside Laboratories")]
    kind: Annotated[str, one_of(CALLERS), Means("What it is: one of the callers of the backline.", "laboratory")]
    number: Annotated[
        PhoneNumber,
        Means("Where it is called back: a telephone at which somebody answers at any hour.", '"+13125550161"'),
    ]


class Backline(Model):
    """Numbers for professional callers, straight to the on-call ladder."""

    numbers: Annotated[OneOrMore[PhoneNumber], Means("The numbers that professional callers dial.", '["+13125550101"]')]
    callers: Annotated[
        OneOrMore[Annotated[str, one_of(CALLERS)]],
        Means("Who calls there: so far all three of the example, and nobody else.", "[hospital, laboratory, pharmacy]"),
    ]
    location: Annotated[
        Identifier | None, Means("The location that it is for; needed where there are several.", "downtown")
    ] = None
    listed: Annotated[
        dict[Identifier, ListedOrganisation],
        Means(
            "The organisations that may prove for whom they call, by a code and a call-back to their number. Their "
            "codes are made by `sunline codes`. Left out, nobody is asked.",
            '{lakeside: {name: Lakeside Laboratories, kind: laboratory, number: "+13125550161"}}',
        ),
    ] = Field(default_factory=dict)
