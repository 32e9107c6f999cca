"""What a command needs of this installation, opened only when it is used."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from ivr.audit.append import append
from ivr.core.clock import Clock, SystemClock
from ivr.core.command import FEATURES
from ivr.core.database import Database
from ivr.core.database_trouble import MIGRATE, explain_trouble
from ivr.core.errors import Refusal
from ivr.core.services import Services
from ivr.core.settings import read_settings
from ivr.installation.building import build_services, clock_of
from ivr.jobs.tables import timer
from ivr.privacy.cipher import BY_FIELD, PracticeCipher
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import open_master
from recordings_vault import KeyRing


class NotReady(Refusal):
    """This installation cannot be worked with yet."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The database and keys of this installation, and who is at the keyboard.

    ``ring`` holds the vault's keys; a command that stores no recordings does without.
    """

    database: Database
    keys: KeyStore
    clock: Clock
    actor: str
    demo: bool
    ring: KeyRing | None = None
    seals: str = BY_FIELD

    def ensure_keys(self, practice: str, at: datetime) -> None:
        """Give a practice its keys, for what is said and for what is recorded; safe to repeat."""
        self.keys.ensure(practice, at)
        if self.ring is not None and not self.ring.exists(practice):
            self.ring.create(practice, at=at)

    @contextmanager
    def noted(self, action: str, object_id: str, **about: Any) -> Iterator[None]:
        """Leave a row before something outside this database is changed, and one with what came of it."""
        self.note(action, "asked", object_id, **about)
        try:
            yield
        except Exception as refusal:
            self.note(action, getattr(refusal, "outcome", "failed"), object_id, **about)
            raise
        self.note(action, "ok", object_id, **about)

    def note(self, action: str, outcome: str, object_id: str | None, **about: Any) -> None:
        """Leave an audit row, in a transaction of its own."""
        row = {"action": action, "outcome": outcome, "object_id": object_id, **about}
        with self.database.write() as connection:
            append(connection, at=self.clock.now(), actor=self.actor, **row)

    @property
    def cipher(self) -> PracticeCipher:
        """Seals and opens with the keys of each practice."""
        return PracticeCipher(self.keys, self.seals)


@contextmanager
def opened(context: click.Context) -> Iterator[Installation]:
    """The installation given to the command, or the one that the environment describes."""
    if isinstance(context.obj, Installation):
        yield context.obj
        return
    settings = read_settings(os.environ)
    database = Database(settings.database_url)
    try:
        _require_tables(database)
        master = open_master(settings.master_key, create=settings.demo)
        ring = KeyRing(write=database.write, read=database.read, master=master)
        keys = KeyStore(database, master)
        clock = clock_of(settings, database)
        yield Installation(database, keys, clock, find_person(), settings.demo, ring, settings.seals)
    finally:
        database.dispose()


def services_of(context: click.Context) -> Services:
    """The services given to a command, or those of the installation that the environment describes."""
    if isinstance(context.obj, Services):
        return context.obj
    return build_services(read_settings(os.environ), context.meta[FEATURES]())


def now(context: click.Context, at: datetime | None) -> datetime:
    """``at`` where it was given, else what the clock says: for a command on a folder, the machine's."""
    clock = context.obj.clock if isinstance(context.obj, Installation) else SystemClock()
    return at or clock.now()


@contextmanager
def refusals() -> Iterator[None]:
    """Print a refusal in one line instead of a trace."""
    try:
        yield
    except Refusal as error:
        raise click.ClickException(str(error)) from error


def _require_tables(database: Database) -> None:
    try:
        ready = inspect(database.engine).has_table(timer.name)
    except SQLAlchemyError as error:
        raise NotReady(explain_trouble(error)) from None
    if not ready:
        raise NotReady(f"the database has no tables yet; {MIGRATE}")


def find_person() -> str:
    """Who is at the keyboard, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
