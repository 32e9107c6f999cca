"""A whole installation and the phone network around it, in one process and in virtual time.

Nothing happens by itself: :meth:`World.advance` jumps from one event to the next, whether it is the network's, an
effect's or a timer's, and after each lets everything that is due now happen. The same seed gives the same run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from ivr.app import create_app
from ivr.core.clock import SteppedClock
from ivr.core.database import Database
from ivr.core.ids import seeded_ids
from ivr.core.redis_client import connect_redis
from ivr.core.services import Services
from ivr.core.settings import Settings, read_settings
from ivr.directory.organisation import Organisation
from ivr.features import installed_features
from ivr.installation.building import build_vault
from ivr.ops import twilio_command
from ivr.privacy.cipher import PracticeCipher
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster
from ivr.twilio.rest_api import RestApi, WsgiTransport
from ivr.webhooks.fallback import FILE
from phonesim import Network, Options, WsgiApplication
from rehearsals import provisioning
from rehearsals.due_work import DueWork
from rehearsals.errors import WorldStuck

PUBLIC_URL = "https://sunline.example"
ELSEWHERE = "https://elsewhere.example"
FALLBACK_ELSEWHERE = f"{ELSEWHERE}/fallback.xml"
"""Where another host serves a copy of the fallback document, in worlds that have one."""
ACCOUNT = "AC" + "5" * 32
TOKEN = "rehearsal-token-0123456789abcdef"
MOST_ROUNDS = 500
"""The rounds of work at one instant after which something must be wrong."""


class World:
    """One installation, its phone network and the time they share. Close it, or use it in a ``with``.

    ``log`` has everything the installation has logged. One world at a time in a process, because logging is shared.
    """

    def __init__(
        self,
        config: Path | Organisation,
        at: datetime,
        *,
        database_url: str | None = None,
        redis_url: str | None = None,
        seed: int = 1,
        faults: Iterable[str] = (),
        allow_unsigned: bool = False,
        options: Options | None = None,
        fallback_elsewhere: bool = False,
    ) -> None:
        if isinstance(config, Path):
            config = provisioning.read_organisation(config, at, allow_unsigned=allow_unsigned)
        self.organisation = config
        self.start, self.clock = at, SteppedClock(at)
        self.redis_url = redis_url or provisioning.start_redis()
        with ExitStack() as opened:
            self._folder = Path(opened.enter_context(provisioning.temporary_folder("world")))
            url = provisioning.provision_organisation(self._folder, self.organisation, database_url)
            self.settings, database = _settings(self._folder, url, fallback_elsewhere), Database(url)
            opened.callback(self._let_go, database, database_url is not None)
            self._due_work = DueWork(database, hurried=database_url is None)
            self.log = opened.enter_context(capture_logs())
            self.services = self._services(database, seed)
            self.app: Flask = create_app(self.settings, self.services)
            self._opened = opened.pop_all()
        self.net = self._network(seed, faults, options)
        self.net.add_application(WsgiApplication(self._other_host, base_url=ELSEWHERE))
        for number in self._numbers():
            self.connect_number(number)
        for practice in self.organisation.practices.values():
            if practice.identity.L2 is not None and practice.identity.L2.service is not None:
                self.net.add_verify_service(practice.identity.L2.service, practice.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database and remove everything that was written."""
        if self.services.redis is not None:
            self.services.redis.close()
        self._opened.close()

    @property
    def now(self) -> datetime:
        """The present instant of this world."""
        return self.clock.now()

    def next_event_at(self) -> datetime | None:
        """When something will next happen by itself."""
        found = (self.net.next_event_at(), self._work_due())
        return min((instant for instant in found if instant is not None), default=None)

    def connect_number(self, number: str) -> None:
        """Let calls to ``number`` reach this installation, as a number of the account does."""
        if number not in self.net.numbers:
            where = twilio_command.wanted(self.settings)
            self.net.add_number(
                number,
                voice_url=where["voice_url"],
                voice_fallback_url=where["voice_fallback_url"],
                status_callback=where["status_callback"],
            )

    def settle(self) -> None:
        """Let everything happen that is due now. Raises WorldStuck when it never ends."""
        for _ in range(MOST_ROUNDS):
            self.net.run_due()
            done = self._work()
            following = self.net.next_event_at()
            if not done and (following is None or following > self.now):
                return
        raise WorldStuck(f"at {self.now:%H:%M:%S} UTC something is due again and again")

    def step(self, limit: datetime) -> bool:
        """Jump to the next event and let it happen. When none comes by ``limit``, go there and return False."""
        following = self.next_event_at()
        if following is not None and following <= self.now:
            raise WorldStuck(f"at {self.now:%H:%M:%S} UTC something is due that nobody does")
        comes = following is not None and following <= limit
        self._move(following if following is not None and comes else limit)
        return comes

    def advance(self, until: Callable[[], bool], limit: timedelta) -> bool:
        """Let time pass until the condition holds, at most for ``limit``. Return whether it holds."""
        end = self.now + limit
        self.settle()
        while not until():
            if not self.step(end):
                return until()
        return True

    def advance_to(self, instant: datetime) -> None:
        """Go on until ``instant``."""
        self.settle()
        while self.now < instant:
            self.step(instant)

    def empty_redis(self) -> None:
        """Lose all of Redis."""
        with connect_redis(self.redis_url) as client:
            client.flushall()

    def stop_redis(self) -> None:
        """Put Redis out of reach."""
        self._reconnect_redis(f"unix://{self._folder / 'nowhere.sock'}")

    def return_redis(self) -> None:
        """Make Redis reachable again, with what was in it."""
        self._reconnect_redis(self.redis_url)

    def stop_database(self) -> None:
        """Refuse every connection to the database."""
        event.listen(self.services.database.engine, "engine_connect", _refuse)

    def return_database(self) -> None:
        """Allow connections to the database again."""
        event.remove(self.services.database.engine, "engine_connect", _refuse)

    def _reconnect_redis(self, url: str) -> None:
        if self.services.redis is not None:
            self.services.redis.close()
        self.services.redis = connect_redis(url)

    def _numbers(self) -> tuple[str, ...]:
        outbound = self.organisation.operator.outbound_number
        return (*self.organisation.numbers, *((outbound,) if outbound else ()))

    def _move(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        self.net.advance_to(instant)
        self.settle()

    def _work(self) -> int:
        try:
            return self._due_work.carry_out(self.services)
        except OperationalError:
            return 0  # as a worker without its database: it finds everything again when that is back

    def _work_due(self) -> datetime | None:
        try:
            return self._due_work.next_due(self.services)
        except OperationalError:
            return None

    def _let_go(self, database: Database, borrowed: bool) -> None:
        if borrowed:
            provisioning.drop_tables(database)
        database.dispose()

    def _services(self, database: Database, seed: int) -> Services:
        master = LocalMaster(provisioning.master_key_file(self._folder))
        redis = connect_redis(self.redis_url)
        redis.flushall()
        return Services(
            settings=self.settings,
            database=database,
            clock=self.clock,
            cipher=PracticeCipher(KeyStore(database, master)),
            vault=build_vault(self.settings, database, master),
            twilio=RestApi(ACCOUNT, (ACCOUNT, TOKEN), WsgiTransport(self._to_the_network)),
            redis=redis,
            features=installed_features(),
            ids=seeded_ids(seed),
            chance=random.Random(seed),
        )

    def _network(self, seed: int, faults: Iterable[str], options: Options | None) -> Network:
        answering = WsgiApplication(self.app.wsgi_app, base_url=PUBLIC_URL)
        return Network(ACCOUNT, TOKEN, answering, self.now, seed=seed, options=options, faults=faults)

    def _other_host(self, _environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as a host that serves the file written at the start and knows nothing else."""
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [(self.settings.data_dir / FILE).read_bytes()]

    def _to_the_network(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer: Iterable[bytes] = self.net.rest_app(environ, start_response)
        return answer


def _refuse(_connection: Connection) -> None:
    raise OperationalError("connect", {}, ConnectionError("the database is out of reach"))


def _settings(folder: Path, database_url: str, fallback_elsewhere: bool) -> Settings:
    return read_settings(
        {
            **({"SUNLINE_FALLBACK_URL": FALLBACK_ELSEWHERE} if fallback_elsewhere else {}),
            "SUNLINE_MODE": "demo",
            "SUNLINE_DATA_DIR": str(folder),
            "SUNLINE_DATABASE_URL": database_url,
            "SUNLINE_PUBLIC_URL": PUBLIC_URL,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
        }
    )
