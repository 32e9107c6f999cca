"""A whole line on SQLite without the phone network: calls are made by giving their conversation its answers."""

from __future__ import annotations

import random
import re
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, Table, insert, select, update
from werkzeug.test import TestResponse

from callflows.vocabulary import Answer, OpenPromise, Pressed, Spoke
from ivr.accounts import accounts_store, sessions
from ivr.accounts.roles import ROLES
from ivr.app import create_app
from ivr.audit.tables import audit_row
from ivr.callbacks.promise_opening import open_promise
from ivr.callbacks.tables import message
from ivr.calls import conversation, incoming_calls, legs
from ivr.calls.tables import call
from ivr.core.clock import SteppedClock
from ivr.core.database import Database
from ivr.core.ids import seeded_ids
from ivr.core.services import Services
from ivr.core.settings import read_settings
from ivr.core.unit_of_work import Work, transaction
from ivr.directory import revisions
from ivr.directory.organisation import read_folder
from ivr.features import installed_features
from ivr.installation.building import build_vault
from ivr.oncall.pins import set_pin
from ivr.privacy.cipher import PracticeCipher
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster
from ivr.recordings.capture import note_message
from ivr.recordings.tables import recording
from ivr.twilio.parameters import VoiceRequest
from ivr.twilio.rest_api import NetworkTransport, RestApi
from recordings_vault import KeyRing

CONFIG = Path(__file__).resolve().parents[2] / "config"
NIGHT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
HOST = "https://sunline.example"
TOKEN = "0123456789abcdef0123456789abcdef"
MAPLE = "+13125550100"
CALLER = "+13125550143"
PIN = "258036"
PASSWORD = "six small words in a row"
COMPLAINT = "quokkamarker my chest feels tight"
PRACTICES = ("maple", "riverside", "operator")


class Line:
    """An installation with the example organisation, at half past one at night in Chicago.

    On the SQLite database of the ``furnished`` folder, or on that at ``url``, which was furnished with its key.
    """

    def __init__(self, folder: Path, furnished: Path, url: str | None = None) -> None:
        self.path = folder / "sunline.db"
        for file in furnished.iterdir():
            shutil.copy(file, folder / file.name)
        self.clock = SteppedClock(NIGHT)
        self.services = self._services(folder, url)
        self.database = self.services.database
        self.app: Flask = create_app(self.services.settings, self.services)
        self._sids = 0

    def client(self, role: str | None = None, **options: Any) -> Browser:
        """A browser, signed in where ``role`` is given."""
        browser = Browser(self.app.test_client(**options))
        if role is not None:
            with self.database.write() as connection:
                token = sessions.begin_session(
                    connection, accounts_store.find_account_id(connection, role), self.clock.now()
                )
            with browser.client.session_transaction(base_url=HOST) as session:
                session["_user_id"] = token
        return browser

    def ill_caller(self, words: str = COMPLAINT) -> str:
        """Somebody calls at night, asks for the nurse and says what the matter is; the call's id."""
        call_id, leg_id = self.new_call()
        self.say(leg_id, Pressed("1"), Pressed("1"), Spoke(words, 0.9))
        return call_id

    def new_call(self) -> tuple[str, str]:
        """Somebody dials; the ids of the call and of their leg."""
        self._sids += 1
        asked = VoiceRequest(call_sid=f"CA{self._sids:032x}", from_=CALLER, to=MAPLE)
        with transaction(self.services) as work:
            leg_id = incoming_calls.open_call(work, asked)
            conversation.resume_flow(work, leg_id)
            return legs.lock(work, leg_id).call_id, leg_id

    def call_of_our_own(self) -> str:
        """A call by which somebody is tested before a shift; its id."""
        known = {"caller_abroad": False, "identity_level": "L0", "language": "en-US", "urgency": "routine"}
        about = {"direction": "outbound", "dialled": MAPLE, "symptom": False, "recording_consent": "not-asked"}
        place = {"id": "test-of-a-shift", "revision_id": 1, "practice_id": "maple", "location_id": "loop"}
        with self.work() as work:
            row = {**place, **about, **known, "created_at": work.at}
            work.connection.execute(insert(call).values(row))
        return place["id"]

    def say(self, leg_id: str, *answers: Answer) -> None:
        """Give the conversation its next answers."""
        for answer in answers:
            with transaction(self.services) as work:
                conversation.answer_step(work, leg_id, None, answer)

    def message(self, sound: bytes = b"") -> Row[Any]:
        """Somebody left a message at night and was promised an answer; ``sound`` is in the vault."""
        call_id, leg_id = self.new_call()
        recording_id = f"{leg_id}0007"
        with transaction(self.services) as work:
            note_message(work, call_id, recording_id, None)
            promised = OpenPromise("message", "prescriptions", "next_open + 2h", recording=recording_id)
            open_promise(work, legs.lock(work, leg_id), "message/open", promised)
        if sound:
            self.store(recording_id, sound)
        return self.one(message, call_id=call_id)

    def recording(self, call_id: str, sound: bytes) -> str:
        """The recording of a call, in the vault; its id."""
        recording_id = self.services.ids()
        with transaction(self.services) as work:
            work.connection.execute(
                recording.insert().values(
                    id=recording_id,
                    call_id=call_id,
                    practice_id="maple",
                    kind="call",
                    state="announced",
                    fetch_attempts=0,
                    wanted_at=work.at,
                )
            )
        self.store(recording_id, sound)
        return recording_id

    def store(self, recording_id: str, sound: bytes) -> None:
        """Put sound into the vault, as bringing it home from the network does."""
        self.services.vault.ingest(
            recording_id=recording_id,
            practice_id="maple",
            chunks=[sound],
            expected_length=len(sound),
            media_type="audio/x-wav",
            duration_seconds=3.0,
            channels=1,
            actor="recordings",
            at=self.clock.now(),
            keep="7y",
        )
        with self.database.write() as connection:
            stored = {"state": "stored", "stored_at": self.clock.now(), "duration_seconds": 3}
            connection.execute(update(recording).where(recording.c.id == recording_id).values(stored))

    def rows(self, table: Table, **where: Any) -> list[Row[Any]]:
        """Rows of a table, oldest first."""
        chosen = select(table).order_by(*table.primary_key.columns)
        with self.database.read() as connection:
            return list(connection.execute(chosen.filter_by(**where)))

    def one(self, table: Table, **where: Any) -> Row[Any]:
        """The only row."""
        (row,) = self.rows(table, **where)
        return row

    def trail(self) -> list[tuple[str, str, str]]:
        """Who did what, with which outcome, in order; signing in left out."""
        rows = ((row.actor, row.action, row.outcome) for row in self.rows(audit_row))
        return [row for row in rows if row[1] not in ("sign-in", "config.load")]

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction."""
        with transaction(self.services) as work:
            yield work

    def _services(self, folder: Path, url: str | None) -> Services:
        settings = read_settings(environment(folder) | ({} if url is None else {"SUNLINE_DATABASE_URL": url}))
        database, master = Database(settings.database_url), LocalMaster(folder / "master.key")
        return Services(
            settings=settings,
            database=database,
            clock=self.clock,
            cipher=PracticeCipher(KeyStore(database, master)),
            vault=build_vault(settings, database, master),
            twilio=RestApi(settings.twilio_account_sid, (settings.twilio_account_sid, TOKEN), NetworkTransport()),
            features=installed_features(),
            ids=seeded_ids(1),
            chance=random.Random(1),
        )


class Browser:
    """A client that keeps cookies and sends the token of the form it last saw."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=HOST, **options)

    def head(self, path: str, **options: Any) -> TestResponse:
        return self.client.head(path, base_url=HOST, **options)

    def post(self, path: str, form: str | None = None, **fields: str) -> TestResponse:
        """Send a form as it stands on the page ``form``."""
        return self.client.post(path, base_url=HOST, data={"csrf_token": self.token(form or path), **fields})

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).get_data(as_text=True))
        return found[1] if found else ""

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", name=name, password=password)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a production installation in ``folder``."""
    return {
        "SUNLINE_DATA_DIR": str(folder),
        "SUNLINE_PUBLIC_URL": HOST,
        "SUNLINE_MASTER_KEY": f"file:{folder}/master.key",
        "SUNLINE_SESSION_SECRET": "0123456789abcdef" * 3,
        "SUNLINE_FALLBACK_NUMBER": "+13125550190",
        "TWILIO_ACCOUNT_SID": "AC" + TOKEN,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


def furnished_folder(folder: Path, template: Path) -> Path:
    """A folder with the master key and the database of a furnished line, to be copied."""
    shutil.copy(template, folder / "sunline.db")
    database = Database(f"sqlite:///{folder / 'sunline.db'}")
    furnish(database, LocalMaster(folder / "master.key", create=True), NIGHT)
    database.dispose()
    return folder


def furnish(database: Database, master: LocalMaster, at: datetime) -> None:
    """Load the example organisation, make its keys, set every PIN, open an account for every role."""
    organisation = read_folder(CONFIG, at=at, allow_unsigned=True)
    keys, ring = KeyStore(database, master), KeyRing(write=database.write, read=database.read, master=master)
    for practice in PRACTICES:
        keys.ensure(practice, at)
        ring.create(practice, at=at)
    cipher = PracticeCipher(keys)
    with database.write() as connection:
        revisions.apply(connection, organisation, at, "rosa")
        for person in organisation.people:
            set_pin(connection, cipher, person, PIN, at)
        for role in ROLES:
            accounts_store.add_account(connection, cipher, role, role, PASSWORD, at)


def wav(seconds: int = 3) -> bytes:
    """Sound in which every sample differs from its neighbours, 8000 a second, 16 bits, one channel."""
    samples = struct.pack(f"<{8000 * seconds}h", *(i * 7919 % 32768 for i in range(8000 * seconds)))
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    data = struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data
