"""The summary of a night, when a practice opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from ivr.directory.schema.fields import Duration, Means, Model, OneOrMore, PhoneNumber, YesNo, one_of

EACH = ("practice", "location")


class MorningSummary(Model):
    """What happened since the last closing, for whoever opens in the morning.

    It is made when the practice opens after it was closed for ``after_closed``, so that a break at noon makes none;
    after days without an opening it has everything since the last closing. It is read on the pages, signed in.
    """

    made: Annotated[YesNo, Means("Whether there is a summary.", "false")] = True
    each: Annotated[
        Annotated[str, one_of(EACH)],
        Means(
            "Whether there is one for the practice, which is open when any of its locations is, or one for each "
            "location.",
            "location",
        ),
    ] = "practice"
    after_closed: Annotated[
        Duration, Means("How long it must have been closed before an opening has a summary.", "4h")
    ] = timedelta(hours=4)
    text: Annotated[
        OneOrMore[PhoneNumber],
        Means(
            "Whom to text that a summary is ready; the text says nothing else, and leads to the page.",
            '["+13125550102"]',
        ),
    ] = ()
