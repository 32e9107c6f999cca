"""Every address that Twilio is given. Opaque ids only; the path is the whole meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses below the configured public URL."""

    public_url: str

    def incoming(self) -> str:
        """The one address that a number is configured with."""
        return f"{self.public_url}/voice/incoming"

    def number_status(self) -> str:
        """News of calls to a number."""
        return f"{self.public_url}/voice/status"

    def document(self, leg_id: str, step: int) -> str:
        """The leg's present document; fetching it answers nothing."""
        return self._leg(leg_id, step, "document")

    def answer(self, leg_id: str, step: int) -> str:
        """Where keys and speech go."""
        return self._leg(leg_id, step, "answer")

    def recorded(self, leg_id: str, step: int) -> str:
        """Where a message that was recorded is reported."""
        return self._leg(leg_id, step, "recorded")

    def queue(self, leg_id: str, step: int) -> str:
        """The action of an Enqueue."""
        return self._leg(leg_id, step, "queue")

    def wait(self, leg_id: str, step: int) -> str:
        """The wait document of an Enqueue."""
        return self._leg(leg_id, step, "wait")

    def wait_key(self, leg_id: str, step: int) -> str:
        """Where a key pressed while waiting goes."""
        return self._leg(leg_id, step, "wait-key")

    def dial(self, leg_id: str, step: int) -> str:
        """The action of a Dial."""
        return self._leg(leg_id, step, "dial")

    def fallback_prompt(self, leg_id: str, step: int) -> str:
        """What the fallback number hears before it is connected."""
        return self._leg(leg_id, step, "screening")

    def fallback_accepted(self, leg_id: str, step: int) -> str:
        """Where the accept key of the fallback number goes."""
        return self._leg(leg_id, step, "screened")

    def hold(self, leg_id: str) -> str:
        """What a party hears who is held, or alone in a conference."""
        return f"{self.public_url}/voice/hold/{leg_id}"

    def music(self) -> str:
        """What is played between the words of a wait."""
        return f"{self.public_url}/audio/waiting.wav"

    def leg_status(self, leg_id: str) -> str:
        """Progress of a leg."""
        return f"{self.public_url}/voice/leg/{leg_id}/status"

    def conference(self, call_id: str) -> str:
        """Events of a call's conference."""
        return f"{self.public_url}/voice/conference/{call_id}"

    def recording(self, recording_id: str) -> str:
        """Progress of a recording."""
        return f"{self.public_url}/voice/recording/{recording_id}"

    def message(self, page_id: str) -> str:
        """Progress of a text message to a clinician."""
        return f"{self.public_url}/voice/message/{page_id}"

    def fallback(self) -> str:
        """The document that needs no database."""
        return f"{self.public_url}/voice/fallback"

    def page(self, token: str) -> str:
        """The clinician's page, by an unguessable token."""
        return f"{self.public_url}/oncall/{token}"

    def _leg(self, leg_id: str, step: int, kind: str) -> str:
        return f"{self.public_url}/voice/leg/{leg_id}/{step}/{kind}"
