"""What an account owns besides its numbers: applications, keys, opt-outs (Twilio: Applications, Keys, Credentials)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from phonesim.encryption import readable
from phonesim.numbers import Endpoint, Number
from phonesim.options import RecordingKey
from phonesim.protocols import Clock, Configured

ALTERNATE_KEY, NO_KEY = 16107, 16105


@dataclass(frozen=True, slots=True)
class Credential:
    """A stored key: the secret of an API key, or the PEM of a public key."""

    sid: str
    secret: str
    friendly_name: str
    created: datetime
    updated: datetime


class PublicKeys(dict[str, Credential]):
    """Public keys by CR sid, oldest first. ``selected`` is the one chosen in the voice settings, if any."""

    selected: str | None = None

    def select(self, sid: str | None) -> None:
        """Encrypt recordings with this key from now on (Twilio: voice settings); None switches it off."""
        self.selected = sid

    def for_recordings(self) -> tuple[RecordingKey | None, int | None]:
        """The key to use, and 16107 where it is not the selected one; 16105 where none is usable."""
        if self.selected is None:
            return None, None
        usable = [key for key in self.values() if readable(key.secret.encode())]
        chosen = next((key for key in usable if key.sid == self.selected), None)
        key = chosen or (usable[-1] if usable else None)
        if key is None:
            return None, NO_KEY
        return RecordingKey(key.sid, key.secret.encode()), None if chosen else ALTERNATE_KEY


class Owner(Clock, Configured, Protocol):
    """Gives the sid and the token of the account."""

    @property
    def account_sid(self) -> str:
        """The AC sid."""

    @property
    def auth_token(self) -> str:
        """Its password."""


class Account:
    """Applications by AP sid, API keys by SK sid, public keys, who opted out of texts, who is registered.

    ``refused`` are prefixes of numbers that REST may not call, each with its code: 21214 unreachable, 21215 no
    permission for the country, 21216 blocked, 21217 not a number, 21219 not verified by a trial account.
    """

    def __init__(self, net: Owner) -> None:
        self.net = net
        self.applications: dict[str, Endpoint] = {}
        self.api_keys: dict[str, Credential] = {}
        self.public_keys = PublicKeys()
        self.refused: dict[str, int] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.registered: dict[str, datetime] = {}
        if key := net.options.recording_key:
            self.public_keys[key.sid] = self.credential(key.sid, key.pem.decode())
            self.public_keys.select(key.sid)

    def credential(self, sid: str, secret: str, name: str = "") -> Credential:
        """A key made now."""
        return Credential(sid, secret, name, self.net.now, self.net.now)

    def secret_of(self, user: str) -> str | None:
        """The password of a REST user: the account with its token, or an API key with its secret."""
        if user == self.net.account_sid:
            return self.net.auth_token
        return self.api_keys[user].secret if user in self.api_keys else None

    def settings_of(self, number: Number) -> Number:
        """Return the settings in force for a number: an application on it replaces its own voice or text settings."""
        voice = self.applications.get(number.voice_application_sid)
        text = self.applications.get(number.sms_application_sid)
        if voice:
            number = replace(number, **voice.voice_settings())
        return replace(number, **text.text_settings()) if text else number

    def is_registered(self, address: str) -> bool:
        """Tell whether a browser with this identity may be rung. All may, unless clients must register."""
        if not address.startswith("client:") or not self.net.options.clients_must_register:
            return True
        return address in self.registered and self.net.now < self.registered[address]
