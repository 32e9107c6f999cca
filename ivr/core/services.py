"""What the shell works with, built once per process and handed to whatever needs it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redis import Redis

from ivr.core.cipher import Cipher
from ivr.core.clock import Clock
from ivr.core.database import Database
from ivr.core.ids import Ids, random_ids
from ivr.core.optional_redis import OptionalRedis
from ivr.core.settings import Settings
from ivr.twilio.rest_api import RestApi
from recordings_vault import Vault

if TYPE_CHECKING:  # what a feature gives is written in terms of the services
    from ivr.core.feature import Features


@dataclass(slots=True)
class Services:
    """The outside world, as interfaces. ``redis`` is None when it cannot be had; nothing depends on it."""

    settings: Settings
    database: Database
    clock: Clock
    cipher: Cipher
    vault: Vault
    twilio: RestApi
    features: Features
    redis: Redis | None = None
    ids: Ids = field(default_factory=random_ids)
    chance: random.Random = field(default_factory=random.Random)
    wake: Callable[[], None] = lambda: None
    fast: OptionalRedis = field(init=False)

    def __post_init__(self) -> None:
        self.fast = OptionalRedis(lambda: self.redis, self.clock)
