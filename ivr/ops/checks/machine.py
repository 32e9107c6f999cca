"""What the machine and its place in the network lead to: durability, space, an address, time zones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from ivr.core.counting import counted
from ivr.core.preflight import Finding, Severity, advice, risk
from ivr.core.settings import Settings
from routing import zone_data
from routing.zones import tzdata_version

GIGABYTE = 10**9
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "glusterfs", "ceph"})


def check_durability(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """SQLite survives a power cut: write-ahead log, full synchronisation, a disk of this machine."""
    if connection.dialect.name != "sqlite":
        return
    journal, synchronous = (_pragma(connection, name) for name in ("journal_mode", "synchronous"))
    if (journal, synchronous) != ("wal", "2"):
        yield risk("the database does not survive a power cut", "keep it where SQLite can use a write-ahead log")
    kind = _file_system(Path(make_url(settings.database_url).database or "."))
    if kind in NETWORK_FILE_SYSTEMS:
        yield risk(f"the database is on a network file system ({kind})", "move SUNLINE_DATA_DIR to a local disk")
    if kind in ("tmpfs", "ramfs"):
        yield risk("the database is in memory and goes with the power", "move SUNLINE_DATA_DIR to a disk")


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


def check_space(settings: Settings) -> Iterator[Finding]:
    """There is room for what comes."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < 10 * GIGABYTE:
        what = f"the disk has {free / GIGABYTE:.1f} GB left"
        yield Finding(
            Severity.RISK if free < GIGABYTE else Severity.ADVICE,
            what,
            "make room, or set SUNLINE_STORAGE_URL to an object store",
        )


def check_address(settings: Settings) -> Iterator[Finding]:
    """The phone network can reach the public address."""
    host = urlsplit(settings.public_url).hostname or ""
    if host == "localhost" or _is_private(host):
        yield risk("the public address is private to this network", "set SUNLINE_PUBLIC_URL to a public one")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def check_zone_data(at: datetime, version: str = "") -> Iterator[Finding]:
    """The tz database is young: countries change their clocks at short notice."""
    version = version or tzdata_version()
    found, mend = zone_data.verdict(at, version), "install the newest pytz, then run: sunline coverage DIR"
    if found == "stale":
        yield risk(f"the time zones are of {version}, too old to be right everywhere", mend)
    elif found == "ageing":
        days = zone_data.age(at, version).days
        yield advice(f"the time zones are of {version}, up to {counted(days, 'day')} old", mend)


def advise_on_media() -> Iterator[Finding]:
    """What only the phone network's own console tells (Twilio: "Voice: Settings")."""
    mend = "turn on HTTP authentication for media in the console of the phone network"
    yield advice("whether recordings at the phone network are protected cannot be seen from here", mend)
