"""What stands between a line that starts and patients: people, protocols, time, space, and a way in for Twilio.

The risks of the settings and of what they lead to are in ``ivr.ops.checks.installation``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url

from ivr.accounts.tables import staff_user
from ivr.audit.tables import audit_row
from ivr.core.settings import Settings
from ivr.directory.interpreters import uninterpreted
from ivr.directory.organisation import Organisation
from ivr.directory.schema import ProtocolFile
from ivr.oncall.pins import MOST_FAILURES
from ivr.oncall.tables import pin
from ivr.ops.checks.installation import Risk
from routing import zone_data
from routing.ladder import Step
from routing.zones import tzdata_version

GIGABYTE = 10**9
SOON = timedelta(days=30)
CLOCK_SLACK = timedelta(seconds=5)
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "glusterfs", "ceph"})
ON_THE_WAY = ("on_call", "next_on_call", "medical_director")


def of_protocols(organisation: Organisation, at: datetime) -> Iterator[Risk]:
    """Every protocol that a service uses is signed by a clinical lead, and its review is not overdue."""
    used = {entry.protocol for file in organisation.practices.values() for entry in file.services.values()}
    for name in sorted(filter(None, used)):
        yield from _of_protocol(name, organisation.protocol(name), at)


def _of_protocol(name: str, protocol: ProtocolFile, at: datetime) -> Iterator[Risk]:
    if protocol.sign_off is None:
        yield Risk(True, f"protocol {name} is not signed", "have the clinical lead sign it, then: sunline load DIR")
        return
    due = protocol.sign_off.review_by
    if due < at.date():
        yield Risk(True, f"the review of protocol {name} is overdue", "have the clinical lead review and sign it again")
    elif due < (at + SOON).date():
        yield Risk(False, f"protocol {name} is due for review by {due}", "ask the clinical lead now")


def of_pins(organisation: Organisation, connection: Connection) -> Iterator[Risk]:
    """Everybody who may be paged has a PIN that works: without one they cannot accept."""
    failures = {row.person_id: row.failures for row in connection.execute(select(pin))}
    for person in sorted(_paged(organisation)):
        if person not in failures:
            yield Risk(True, f"{person} may be paged and has no PIN", f"let them run: sunline pin set {person}")
        elif failures[person] >= MOST_FAILURES:
            yield Risk(True, f"the PIN of {person} is locked", f"let them run: sunline pin set {person}")


def _paged(organisation: Organisation) -> set[str]:
    """Whoever a ladder of a practice can reach: rotas with their overrides, directors, people named in a step."""
    found: set[str] = set()
    for name in organisation.practices:
        for duty in organisation.on_call_of(name):
            found |= {*duty.rota.people, *(taken.person for taken in duty.rota.overrides), duty.director}
    for ladder in organisation.ladders.values():
        found |= {step.page for step in ladder if isinstance(step, Step) and step.page not in ON_THE_WAY}
    return found


def of_interpreters(organisation: Organisation) -> Iterator[Risk]:
    """Callers are understood where agents do not speak their language."""
    for practice in organisation.practices.values():
        for language in uninterpreted(organisation.operator, practice):
            what = f"nobody interprets {language} for {practice.practice}"
            yield Risk(False, what, "name an interpreter in operator.yaml, then: sunline load DIR")


def of_staff(connection: Connection) -> Iterator[Risk]:
    """Somebody can open the pages."""
    active = select(func.count()).select_from(staff_user).where(staff_user.c.disabled_at.is_(None))
    if not connection.execute(active).scalar():
        yield Risk(False, "nobody can sign in to the pages", "run: sunline staff add NAME --role supervisor")


def of_the_clock(connection: Connection, at: datetime) -> Iterator[Risk]:
    """Time does not run backwards: nothing on the record is from the future."""
    newest = connection.execute(select(func.max(audit_row.c.at))).scalar()
    if newest is not None and newest > at + CLOCK_SLACK:
        yield Risk(
            True, "the clock is behind what was already recorded", "synchronise it (chrony or systemd-timesyncd)"
        )


def of_durability(settings: Settings, connection: Connection) -> Iterator[Risk]:
    """SQLite survives a power cut: write-ahead log, full synchronisation, a disk of this machine."""
    if connection.dialect.name != "sqlite":
        return
    journal, synchronous = (_pragma(connection, name) for name in ("journal_mode", "synchronous"))
    if (journal, synchronous) != ("wal", "2"):
        yield Risk(True, "the database does not survive a power cut", "keep it where SQLite can use a write-ahead log")
    kind = _file_system(Path(make_url(settings.database_url).database or "."))
    if kind in NETWORK_FILE_SYSTEMS:
        yield Risk(True, f"the database is on a network file system ({kind})", "move SUNLINE_DATA_DIR to a local disk")
    if kind in ("tmpfs", "ramfs"):
        yield Risk(True, "the database is in memory and goes with the power", "move SUNLINE_DATA_DIR to a disk")


def _pragma(connection: Connection, name: str) -> str:
    return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())


def _file_system(path: Path) -> str:
    """The kind of file system ``path`` is on, or "" where the system does not tell (Linux: proc(5), mounts)."""
    try:
        lines = Path("/proc/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    mounts = {fields[1]: fields[2] for line in lines if len(fields := line.split()) > 2}
    places = (str(place) for place in (path.resolve(), *path.resolve().parents))
    return next((mounts[place] for place in places if place in mounts), "")


def of_space(settings: Settings) -> Iterator[Risk]:
    """There is room for what comes."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < 10 * GIGABYTE:
        what = f"the disk has {free / GIGABYTE:.1f} GB left"
        yield Risk(free < GIGABYTE, what, "make room, or set SUNLINE_STORAGE_URL to an object store")


def of_the_address(settings: Settings) -> Iterator[Risk]:
    """The phone network can reach the public address."""
    host = urlsplit(settings.public_url).hostname or ""
    if host == "localhost" or _is_private(host):
        yield Risk(True, "the public address is private to this network", "set SUNLINE_PUBLIC_URL to a public one")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def of_zones(at: datetime, version: str = "") -> Iterator[Risk]:
    """The tz database is young: countries change their clocks at short notice."""
    version = version or tzdata_version()
    found, mend = zone_data.verdict(at, version), "install the newest pytz, then run: sunline coverage DIR"
    if found == "stale":
        yield Risk(True, f"the time zones are of {version}, too old to be right everywhere", mend)
    elif found == "ageing":
        days = zone_data.age(at, version).days
        yield Risk(False, f"the time zones are of {version}, up to {days} days old", mend)


def of_changed_zones(organisation: Organisation, at: datetime) -> Iterator[Risk]:
    """Where clocks have begun to follow other rules of late: phones, diaries and rosters there may not know."""
    for changed in zone_data.changed_rules(organisation.zones, at):
        before, now = (" and ".join(map(_hours, hours)) for hours in (changed.before, changed.now))
        what = f"{changed.zone} keeps UTC{now} since {changed.since:%Y-%m-%d}, no longer UTC{before}"
        yield Risk(False, what, "look through the hours and shifts there, and the phones and diaries of the people")


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def of_media() -> Iterator[Risk]:
    """What only the phone network's own console tells (Twilio: "Voice: Settings")."""
    mend = "turn on HTTP authentication for media in the console of the phone network"
    yield Risk(False, "whether recordings at the phone network are protected cannot be seen from here", mend)
