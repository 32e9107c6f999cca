"""A browser as a phone: registered and calling by an access token (Twilio: Voice JavaScript SDK)."""

from phonesim.errors import PhonesimError
from phonesim.network import Network
from phonesim.phone import Line, Phone
from phonesim.tokens import read_token


class Browser:
    """A device with a token. ``phone`` is its end; it rings only while registered, if clients must register."""

    def __init__(self, net: Network, token: str) -> None:
        self.net = net
        self.token = read_token(net, token)
        self.phone: Phone = net.phone(f"client:{self.token.identity}")

    def register(self) -> None:
        """Be reachable until the token expires. Raises PhonesimError without the incoming grant."""
        if not self.token.incoming:
            raise PhonesimError("the token does not allow incoming calls; grant voice.incoming.allow")
        self.net.account.registered[self.phone.address] = self.token.expires

    def unregister(self) -> None:
        """Be reachable no more."""
        self.net.account.registered.pop(self.phone.address, None)

    def renew(self, token: str) -> None:
        """Go on with a newer token of the same identity."""
        newer = read_token(self.net, token)
        if newer.identity != self.token.identity:
            raise PhonesimError(f"the new token is for {newer.identity}, not for {self.token.identity}")
        self.token = newer
        if self.phone.address in self.net.account.registered:
            self.register()

    def connect(self, parameters: dict[str, str] | None = None) -> Line:
        """Call the application of the token; the parameters arrive with its first request.

        Raises PhonesimError without an outgoing grant, or once the token has expired.
        """
        if self.token.application_sid not in self.net.account.applications:
            raise PhonesimError("the token names no TwiML application of the account; grant voice.outgoing")
        if self.net.now >= self.token.expires:
            raise PhonesimError("the token has expired; renew it")
        return self.phone.dial(self.token.application_sid, parameters={**(parameters or {}), **self.token.parameters})
