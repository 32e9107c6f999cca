"""Text messages (Twilio: "Message resource")."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ivr.twilio.rest_api.calls import MOST_LISTED, created_since
from ivr.twilio.rest_api.identifiers import sid
from ivr.twilio.rest_api.states import MessageState, message_state


class Messages:
    """Sending texts, which never hold patient data, and finding those that were sent."""

    _account: Any

    def send_message(self, to: str, from_: str, body: str, status_callback: str) -> str:
        """Queue a text and return its sid."""
        sent = self._account.messages.create(to=to, from_=from_, body=body, status_callback=status_callback)
        return str(sent.sid)

    def fetch_message(self, message_sid: str) -> MessageState:
        """How a text fares."""
        return message_state(self._account.messages(sid("SM", message_sid)).fetch())

    def list_messages(self, *, to: str, since: datetime) -> list[MessageState]:
        """The newest texts to a number, at most 200, created at ``since`` (whole seconds) or later."""
        found = self._account.messages.list(to=to, limit=MOST_LISTED, page_size=MOST_LISTED)
        return [state for state in map(message_state, found) if created_since(state.date_created, since)]
