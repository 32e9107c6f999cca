"""What the settings lead to: what answers, what is encrypted, and what goes with this machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from redis.exceptions import RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.database import Database
from ivr.core.preflight import Finding, advice, risk
from ivr.core.private_files import is_private
from ivr.core.redis_address import read_redis_address, unprotected
from ivr.core.redis_client import connect_redis
from ivr.core.settings import Settings
from ivr.directory import revisions
from ivr.ops import schema
from ivr.privacy.errors import PrivacyError
from ivr.privacy.master import open_master
from recordings_vault.errors import VaultError
from recordings_vault.opening import open_store

LOCAL_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})


def check_setup(settings: Settings) -> Iterator[Finding]:
    """Every finding, as it is made."""
    for check in CHECKS:
        yield from check(settings)


def check_settings(settings: Settings) -> Iterator[Finding]:
    """What can be told from the settings alone."""
    if settings.demo:
        yield risk("this is a demo, whose secrets everybody knows", "set SUNLINE_MODE=production")
    if settings.fallback_number is None:
        yield risk("nobody can be reached while the server is down", "set SUNLINE_FALLBACK_NUMBER")
    if settings.fallback_url is None:
        yield advice("while this server is gone callers hear an apology only", "set SUNLINE_FALLBACK_URL")
    if settings.metrics_token is None:
        yield advice("monitoring cannot read the figures", "set SUNLINE_METRICS_TOKEN")
    if not settings.demo and settings.trusted_proxies == 0:
        yield advice(
            "failures to sign in count as the proxy's that ends TLS, and so does every row of the audit log",
            "set SUNLINE_TRUSTED_PROXIES to how many proxies there are (docs/proxy.md)",
        )
    if settings.log_level == "DEBUG":
        yield advice("the log is very talkative", "set SUNLINE_LOG_LEVEL=INFO")
    if settings.twilio_api_key is None:
        yield advice("REST calls use the account's auth token", "make an API key and set TWILIO_API_KEY")
    if settings.twilio_auth_token_secondary is not None:
        yield advice("two auth tokens are accepted", "promote the secondary one and unset TWILIO_AUTH_TOKEN_SECONDARY")


def check_lone_machine(settings: Settings) -> Iterator[Finding]:
    """What is lost, or stops, together with this machine."""
    if settings.database_url.startswith("sqlite:"):
        yield advice("the database is a file of this machine", "back it up, or set SUNLINE_DATABASE_URL to PostgreSQL")
    if settings.redis_url is None:
        yield advice("Redis is embedded", "set SUNLINE_REDIS_URL before a second machine answers")
    elif settings.redis_url.startswith("redis:") and read_redis_address(settings.redis_url).password is None:
        yield advice("everybody on this machine may write to Redis", "give it a password, or a unix:// socket")
    if settings.storage_url.startswith("file:"):
        yield advice("recordings are files of this machine", "back them up, or set SUNLINE_STORAGE_URL")
    if settings.master_key.startswith("file:"):
        yield advice("the master key is a file of this machine", "keep a copy elsewhere, or use a key service")


def check_encryption(settings: Settings) -> Iterator[Finding]:
    """Connections to other machines that somebody in between could read or take over."""
    if settings.redis_url and (problem := unprotected(settings.redis_url)):
        what, _, mend = problem.partition("; ")
        yield risk(f"Redis {what}", f"{mend} in SUNLINE_REDIS_URL")
    verified = "sslmode=verify-full" in settings.database_url
    if settings.database_url.startswith("postgresql") and not _is_local(settings.database_url) and not verified:
        yield risk("the database's identity is not checked", "add sslmode=verify-full to SUNLINE_DATABASE_URL")


def check_files(settings: Settings) -> Iterator[Finding]:
    """Files that others on this machine may read. What this version makes is private; what it found may not be."""
    if not is_private(settings.data_dir):
        yield risk("the data folder is open to others", f"run: chmod 700 {settings.data_dir}")
    for what, place in _kept_here(settings):
        if not is_private(place):
            yield risk(f"the {what} is open to others", f"run: chmod -R go= {place}")


def _kept_here(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Files and folders with what patients said, wherever on this machine they are."""
    if settings.database_url.startswith("sqlite:"):
        file = make_url(settings.database_url).database or ""
        for ending in ("", "-wal", "-shm"):
            yield "database", Path(file + ending)
    if settings.storage_url.startswith("file:"):
        yield "folder of recordings", Path(url2pathname(urlsplit(settings.storage_url).path))


def check_master_key(settings: Settings) -> Iterator[Finding]:
    """Whether the master key can be used."""
    try:
        open_master(settings.master_key)
    except PrivacyError as unusable:
        yield risk(str(unusable).rpartition("; ")[0], str(unusable).rpartition("; ")[2])


def check_database(settings: Settings) -> Iterator[Finding]:
    """Whether the database answers, has the shape this version needs, and a configuration in force."""
    database = Database(settings.database_url)
    try:
        with database.read() as connection:
            if not schema.is_current(connection):
                yield risk("the database is not up to date", "run: sunline migrate")
            elif revisions.current(connection) is None:
                yield risk("no configuration is in force", "run: sunline load DIR")
    except SQLAlchemyError as failure:
        yield risk(f"the database does not answer ({type(failure).__name__})", "check SUNLINE_DATABASE_URL")
    finally:
        database.dispose()


def check_redis(settings: Settings) -> Iterator[Finding]:
    """Whether the Redis server that was named answers."""
    if settings.redis_url is None:
        return
    try:
        with connect_redis(settings.redis_url) as client:
            client.ping()
    except RedisError as failure:
        yield risk(f"Redis does not answer ({type(failure).__name__})", "check SUNLINE_REDIS_URL")


def check_storage(settings: Settings) -> Iterator[Finding]:
    """Whether the place of the recordings answers."""
    try:
        open_store(settings.storage_url).exists(secrets.token_hex(16))
    except (VaultError, OSError) as failure:
        yield risk(f"recordings cannot be reached ({type(failure).__name__})", "check SUNLINE_STORAGE_URL")


def _is_local(url: str) -> bool:
    return (urlsplit(url).hostname or "") in LOCAL_HOSTS


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    check_settings,
    check_lone_machine,
    check_encryption,
    check_files,
    check_master_key,
    check_database,
    check_redis,
    check_storage,
)
