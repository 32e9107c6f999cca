"""Conferences and who is in them (Twilio: "Conference resource", "Conference Participant resource")."""

from __future__ import annotations

from typing import Any

from ivr.twilio.rest_api.identifiers import sid
from ivr.twilio.rest_api.states import ParticipantState, participant_state

_RECENT = 20


class Conferences:
    """Steering the conference of a call."""

    _account: Any

    def find_conference(self, name: str) -> str | None:
        """The sid of the conference that now bears this name, started or not; None where all have ended."""
        found = self._account.conferences.list(friendly_name=name, limit=_RECENT)
        return next((str(conference.sid) for conference in found if conference.status != "completed"), None)

    def participants(self, conference_sid: str) -> list[ParticipantState]:
        """Who is in it now; nobody once it has ended."""
        found = self._account.conferences(sid("CF", conference_sid)).participants.list()
        return [participant_state(participant) for participant in found]

    def hold_participant(self, conference_sid: str, call_sid: str, hold: bool, url: str) -> None:
        """Hold (neither hears nor is heard, hears the document at ``url``) or take off hold.

        Says POST: the default method for a hold document is GET, which puts its parameters into logs.
        """
        document = {"hold_url": url, "hold_method": "POST"} if hold else {}
        self._participant(conference_sid, call_sid).update(hold=hold, **document)

    def announce_to_participant(self, conference_sid: str, call_sid: str, url: str) -> None:
        """Play the document at ``url``, fetched by POST, to one participant, who stays in the talk."""
        self._participant(conference_sid, call_sid).update(announce_url=url, announce_method="POST")

    def kick_participant(self, conference_sid: str, call_sid: str) -> None:
        """Remove a participant; the call itself goes on with its own document, if it has one."""
        self._participant(conference_sid, call_sid).delete()

    def end_conference(self, conference_sid: str) -> None:
        """End it for everyone."""
        self._account.conferences(sid("CF", conference_sid)).update(status="completed")

    def _participant(self, conference_sid: str, call_sid: str) -> Any:
        return self._account.conferences(sid("CF", conference_sid)).participants(sid("CA", call_sid))
