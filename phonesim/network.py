"""The network: the platform with its REST API in front."""

from collections.abc import Iterable
from datetime import datetime

from phonesim.options import Options
from phonesim.platform import Platform
from phonesim.rest.api import RestApi
from phonesim.web.applications import Application


class Network(Platform):
    """A whole phone network in one object."""

    def __init__(
        self, account_sid: str, auth_token: str, application: Application, start: datetime,
        seed: int = 1, options: Options | None = None, faults: Iterable[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(account_sid, auth_token, application, start, seed, options, faults)
        self.rest_app = RestApi(self)
