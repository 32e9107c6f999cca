"""The account's telephone numbers (Twilio: "IncomingPhoneNumber resource")."""

from __future__ import annotations

from typing import Any

from ivr.twilio.rest_api.identifiers import sid
from ivr.twilio.rest_api.states import NumberState, number_state

LARGEST_PAGE = 1000


class Numbers:
    """Finding a number and pointing it at this server."""

    _account: Any

    def find_number(self, number: str) -> NumberState | None:
        """The number in E.164 form, or None where the account does not own it."""
        found = self._account.incoming_phone_numbers.list(phone_number=number, limit=_FEW)
        return next((state for state in map(number_state, found) if state.number == number), None)

    def list_numbers(self) -> list[NumberState]:
        """Every number that the account owns."""
        return [number_state(found) for found in self._account.incoming_phone_numbers.list(page_size=LARGEST_PAGE)]

    def point_number(self, number_sid: str, *, voice_url: str, status_callback: str, fallback_url: str) -> NumberState:
        """Send the number's calls, endings and failures to these addresses, all with POST."""
        number = self._account.incoming_phone_numbers(sid("PN", number_sid))
        return number_state(
            number.update(
                voice_url=voice_url,
                voice_method="POST",
                voice_fallback_url=fallback_url,
                voice_fallback_method="POST",
                status_callback=status_callback,
                status_callback_method="POST",
            )
        )


_FEW = 20
