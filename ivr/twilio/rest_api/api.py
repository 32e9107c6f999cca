"""What Sunline asks of Twilio, gathered from its parts."""

from __future__ import annotations

from twilio.rest import Client

from ivr.twilio.errors import Misconfigured
from ivr.twilio.rest_api.calls import Calls
from ivr.twilio.rest_api.conferences import Conferences
from ivr.twilio.rest_api.connection import API, Connection
from ivr.twilio.rest_api.identifiers import is_sid
from ivr.twilio.rest_api.messages import Messages
from ivr.twilio.rest_api.numbers import Numbers
from ivr.twilio.rest_api.recordings import Recordings
from ivr.twilio.rest_api.transport import Transport
from ivr.twilio.rest_api.verifications import Verifications


class RestApi(Calls, Recordings, Messages, Conferences, Numbers, Verifications):
    """Twilio's REST API for one account.

    Every method raises an error of `ivr.twilio.errors` and none retries: Twilio has no idempotency key, so only
    the outbox, which knows what it asked before, may ask again. All URLs given are fetched with POST.
    ``credentials`` are (account sid, auth token) or (API key sid, its secret).
    """

    def __init__(
        self, account_sid: str, credentials: tuple[str, str], transport: Transport, *, base_url: str = API
    ) -> None:
        if not is_sid("AC", account_sid):
            raise Misconfigured("the account sid must be AC and 32 hex digits; set TWILIO_ACCOUNT_SID")
        connection = Connection(transport, credentials, base_url)
        # A non-empty environment of our own, or the library reads TWILIO_EDGE and TWILIO_REGION from the process.
        client = Client(*credentials, account_sid, http_client=connection, environment={"TWILIO_EDGE": ""})
        self._account = client.api.v2010.account
        self._verify = client.verify.v2
        self._connection = connection
        self._media_base = f"{connection.base_url}/2010-04-01/Accounts/{account_sid}"
