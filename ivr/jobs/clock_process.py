"""What the clock process does at every look at the clock, and what happens after it was down.

Timers are rows with an instant at which they are due, and nothing else remembers them. So the first look after the
process was down finds everything that became due meanwhile, the oldest first, and each timer fires once, late. Where
the process was down and the clock was set back besides, what is still to come goes back first.
"""

from __future__ import annotations

from datetime import datetime

from ivr.core.services import Services
from ivr.jobs.clock_jumps import NOTICED, follow_clock_back
from ivr.jobs.timers import fire_due_timers


class Ticker:
    """Looks at the clock again and again."""

    def __init__(self) -> None:
        self._seen: datetime | None = None

    def tick(self, services: Services) -> int:
        """Fire every timer that is due by the clock as it is now, set back or not; return how many."""
        now = services.clock.now()
        # Nothing is known of the time before the first look. Later, an event ahead of a clock that only went on comes
        # from another machine, whose clock is wrong; following it would shift everything again at each of its events.
        if self._seen is None or self._seen - now >= NOTICED:
            follow_clock_back(services, self._seen or now)
        self._seen = now
        return fire_due_timers(services)
