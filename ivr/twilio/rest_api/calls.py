"""Call legs (Twilio: "Call resource")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from ivr.twilio.rest_api.identifiers import sid
from ivr.twilio.rest_api.states import CallState, call_state

MOST_LISTED = 200
LARGEST_PAGE = 1000
MOST_RECENT = 5 * LARGEST_PAGE
LIVING = ("queued", "ringing", "in-progress")
"""In the order in which a call goes through them, so that none slips from one list to the next unseen."""


class Calls:
    """Creating, steering and finding call legs."""

    _account: Any

    def create_call(
        self,
        *,
        to: str,
        from_: str,
        url: str,
        status_callback: str,
        events: Sequence[str],
        timeout: int,
        time_limit: int,
        fallback_url: str | None = None,
        machine_detection: str | None = None,
        send_digits: str | None = None,
    ) -> str:
        """Queue a call and return its sid. ``timeout`` (ringing) and ``time_limit`` (talking) are seconds.

        ``send_digits`` are keyed after the answer, at most 32 of 0-9 A-D # * w W; machine detection is then off.
        ``events`` go out one by one: joined by spaces Twilio accepts them and then sends no callback at all (21626).
        """
        optional: dict[str, str] = {}
        if fallback_url is not None:
            optional |= {"fallback_url": fallback_url, "fallback_method": "POST"}
        if machine_detection is not None:
            optional |= {"machine_detection": machine_detection}
        if send_digits is not None:
            optional |= {"send_digits": send_digits}
        created = self._account.calls.create(
            to=to,
            from_=from_,
            url=url,
            method="POST",
            status_callback=status_callback,
            status_callback_event=list(events),
            status_callback_method="POST",
            timeout=timeout,
            time_limit=time_limit,
            **optional,
        )
        return str(created.sid)

    def redirect_call(self, call_sid: str, url: str) -> None:
        """Send a call in progress to another document; `PartyGone` (21220) where it is not in progress."""
        self._account.calls(sid("CA", call_sid)).update(url=url, method="POST")

    def end_call(self, call_sid: str) -> CallState:
        """Hang up, whether it is ringing or talking; how it stands then."""
        return call_state(self._account.calls(sid("CA", call_sid)).update(status="completed"))

    def cancel_call(self, call_sid: str) -> None:
        """Take back a call that nobody has answered; an answered one goes on."""
        self._account.calls(sid("CA", call_sid)).update(status="canceled")

    def fetch_call(self, call_sid: str) -> CallState:
        """How a call stands, a moment ago."""
        return call_state(self._account.calls(sid("CA", call_sid)).fetch())

    def list_calls(
        self, *, to: str | None = None, from_: str | None = None, started_after: datetime | None = None
    ) -> list[CallState]:
        """The newest calls, at most 200, that were created at ``started_after`` (whole seconds) or later.

        Twilio's own StartTime filter would hide a call that is still queued, the very one a repeat must find.
        """
        asked = {name: value for name, value in (("to", to), ("from_", from_)) if value is not None}
        found = self._account.calls.list(**asked, limit=MOST_LISTED, page_size=MOST_LISTED)
        return [state for state in map(call_state, found) if created_since(state.date_created, started_after)]

    def list_recent_calls(self, since: datetime) -> list[CallState]:
        """Every call that was created at ``since`` (whole seconds) or later, in any state, at most MOST_RECENT of them.

        Twilio gives the newest first, so pages are asked for until one is older.
        """
        newest = map(call_state, self._account.calls.stream(limit=MOST_RECENT, page_size=LARGEST_PAGE))
        return list(takewhile(lambda state: created_since(state.date_created, since), newest))

    def list_living_calls(self) -> list[CallState]:
        """Every call that has not ended, or not a moment ago."""
        lists = (self._account.calls.list(status=status, page_size=LARGEST_PAGE) for status in LIVING)
        return [call_state(found) for one in lists for found in one]


def created_since(created: datetime | None, bound: datetime | None) -> bool:
    """True where ``created``, which Twilio gives in whole seconds, is not before ``bound``."""
    return bound is None or created is None or created >= bound.replace(microsecond=0)
