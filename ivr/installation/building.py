"""Builds the services of this installation from its settings."""

from __future__ import annotations

import structlog
from redis import Redis

from ivr.core.clock import Clock, SystemClock
from ivr.core.database import Database
from ivr.core.demo_clock import DemoClock
from ivr.core.feature import Features
from ivr.core.redis_client import connect_redis, embedded_url
from ivr.core.services import Services
from ivr.core.settings import Settings
from ivr.jobs.wake_ups import make_wake_up
from ivr.privacy.cipher import PracticeCipher
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import Aead, open_master
from ivr.twilio.rest_api import NetworkTransport, RestApi
from ivr.twilio.rest_api.connection import API
from recordings_vault import KeyRing, Vault, open_store

log = structlog.get_logger(__name__)


def build_services(settings: Settings, features: Features) -> Services:
    """Everything the shell works with; nothing is connected before it is used."""
    database = Database(settings.database_url)
    master = open_master(settings.master_key, create=settings.demo)
    services = Services(
        settings=settings,
        database=database,
        clock=clock_of(settings, database),
        cipher=PracticeCipher(KeyStore(database, master), settings.seals),
        vault=build_vault(settings, database, master),
        twilio=build_twilio(settings),
        features=features,
        redis=_redis(settings),
    )
    services.wake = make_wake_up(services.fast)
    return services


def build_vault(settings: Settings, database: Database, master: Aead) -> Vault:
    """The vault, in the same database and with the same master key as the rest."""
    keys = KeyRing(write=database.write, read=database.read, master=master)
    return Vault(write=database.write, read=database.read, store=open_store(settings.storage_url), keys=keys)


def clock_of(settings: Settings, database: Database) -> Clock:
    """The one clock of the installation: the machine's, or that which the demo shows."""
    return DemoClock(database) if settings.demo else SystemClock()


def _redis(settings: Settings) -> Redis:
    """A client of the server that was named, or of the embedded one, which a worker starts."""
    return connect_redis(settings.redis_url or embedded_url(settings.data_dir))


def build_twilio(settings: Settings) -> RestApi:
    """Twilio's REST API, or its stand-in, for this account."""
    key, secret = settings.twilio_api_key, settings.twilio_api_secret
    credentials = (key, secret) if key and secret else (settings.twilio_account_sid, settings.twilio_auth_token)
    base_url = settings.twilio_api_url or API
    return RestApi(settings.twilio_account_sid, credentials, NetworkTransport(), base_url=base_url)
