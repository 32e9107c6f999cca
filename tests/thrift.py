"""What every test would make anew, at a price, is made once in a run. Nothing here changes what a test sees."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL, Engine
from werkzeug.routing import Rule

import ivr.core.database as sql
from ivr.accounts import passwords
from ivr.directory import yaml_reader
from ivr.directory.organisation import Organisation
from rehearsals.provisioning import MEMORY

LEAST_FREE_BYTES = 4 * 1024**3
ORGANISATIONS = 64


def prefer_memory() -> None:
    """Let tests write to memory where this machine offers that: a database is made there in a fifth of the time."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= LEAST_FREE_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def look_for_garbage_less_often() -> None:
    """Leave the tests that were collected, and all modules, out of every search for garbage: an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hash PINs and passwords with the least effort; tests/house/test_hashes.py holds the effort of the product."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        patch.setattr(passwords, "_NOBODY", cheap.hash("nobody"))
        yield


@pytest.fixture(scope="session", autouse=True)
def builders_once() -> Iterator[None]:
    """Compile what builds an address once in a run: werkzeug does so for every rule of every application, 30 ms each.

    A builder depends on the text, the defaults and the parts of its rule; it finds the converters by ``self``.
    """
    builders: dict[object, Any] = {}
    compile_builder = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, repr(rule.defaults), tuple(rule._trace), append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compiled)
        yield


@pytest.fixture(scope="session", autouse=True)
def files_once() -> Iterator[None]:
    """Parse each text of a configuration once in a run: hundreds of tests read the same files, in folders of their own.

    Of the name of its file a parsed text depends on nothing but where its problems are.
    """
    parsed: dict[object, bytes] = {}
    parse = yaml_reader._parse

    def parse_once(content: bytes, document: yaml_reader.Document, *how: Any) -> Any:
        key = (content, *how)
        if key not in parsed:
            parsed[key] = pickle.dumps(parse(content, yaml_reader.Document(""), *how))
        found = pickle.loads(parsed[key])
        return replace(found, file=document.file, problems=[replace(one, file=document.file) for one in found.problems])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "_parse", parse_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_once() -> Iterator[None]:
    """Compile a statement for SQLite once in a run: each engine keeps its own, and each test has an engine."""
    open_engine = sql._engine
    first: list[Engine] = []

    def engine(url: URL) -> Engine:
        made = open_engine(url)
        if made.dialect.name == "sqlite":
            first[:] = first or [made]
            made.dialect = made.pool._dialect = first[0].dialect  # what is kept is kept under the dialect
            made._compiled_cache = first[0]._compiled_cache
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "_engine", engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def organisations_once() -> Iterator[None]:
    """Read each canonical text of an organisation once in a run: it is frozen, and every process of a test reads it."""
    read = lru_cache(maxsize=ORGANISATIONS)(Organisation.from_json)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Organisation, "from_json", read)
        yield
