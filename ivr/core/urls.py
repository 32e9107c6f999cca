"""Every address that Twilio is given. Opaque ids only; the path is the whole meaning.

The fragment says how Twilio asks (Twilio: "Webhooks connection overrides"). It is neither sent nor signed. Left alone,
Twilio waits 15 s for a server that hangs and repeats nothing but a connection that failed.
"""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENT = "#ct=2000&rt=4000&rc=1&rp=ct,rt,5xx"
"""A party hears nothing meanwhile: one more try after at most 4 s, and then the fallback document."""
CALLBACK = "#ct=2000&rt=4000&rc=5&rp=ct,rt,5xx"
"""Nobody waits for the answer, so as many tries as Twilio has, within its 15 s."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses below the configured public URL."""

    public_url: str

    def incoming(self) -> str:
        """The one address that a number is configured with."""
        return self._document("incoming")

    def number_status(self) -> str:
        """News of calls to a number."""
        return self._callback("status")

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
        return self._document(f"hold/{leg_id}")

    def gone(self, leg_id: str) -> str:
        """What is announced to somebody in a talk whom the patient's side has left."""
        return self._document(f"gone/{leg_id}")

    def music(self) -> str:
        """What is played between the words of a wait."""
        return f"{self.public_url}/audio/waiting.wav"

    def leg_status(self, leg_id: str) -> str:
        """Progress of a leg."""
        return self._callback(f"leg/{leg_id}/status")

    def conference(self, call_id: str) -> str:
        """Events of a call's conference."""
        return self._callback(f"conference/{call_id}")

    def recording(self, recording_id: str) -> str:
        """Progress of a recording."""
        return self._callback(f"recording/{recording_id}")

    def message(self, page_id: str) -> str:
        """Progress of a text message to a clinician."""
        return self._callback(f"message/{page_id}")

    def code(self, code_id: str) -> str:
        """Progress of the text with a one-time code."""
        return self._callback(f"code/{code_id}")

    def fallback(self) -> str:
        """The document that needs no database."""
        return self._document("fallback")

    def again(self, path: str) -> str:
        """The document that was just asked for, at ``path``."""
        return f"{self.public_url}{path}{DOCUMENT}"

    def rota_calendar(self, token: str) -> str:
        """Where the shifts of a rota or a person are read as a calendar, by whoever knows the secret."""
        return f"{self.public_url}/rota-calendars/{token}.ics"

    def oncall(self) -> str:
        """Where a clinician signs in for their shift."""
        return f"{self.public_url}/oncall"

    def morning_summary(self, summary_id: str) -> str:
        """Where the summary of a night is read, signed in."""
        return f"{self.public_url}/morning-summaries/{summary_id}"

    def page(self, token: str) -> str:
        """The clinician's page, by an unguessable token."""
        return f"{self.public_url}/oncall/{token}"

    def _leg(self, leg_id: str, step: int, kind: str) -> str:
        return self._document(f"leg/{leg_id}/{step}/{kind}")

    def _document(self, path: str) -> str:
        return f"{self.public_url}/voice/{path}{DOCUMENT}"

    def _callback(self, path: str) -> str:
        return f"{self.public_url}/voice/{path}{CALLBACK}"
