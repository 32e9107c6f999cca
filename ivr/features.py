"""Every feature of this installation, a line each, lowest floor first. A new one is a folder and its line here.

A folder gives a ``FEATURE`` in its ``feature.py``, ``COMMANDS`` in its ``command_list.py``, or both. They are
imported when they are asked for, because listing the commands must not import a web server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ivr.core.command import Command

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from ivr.core.feature import Features

FOLDERS = (
    "ivr.jobs",
    "ivr.privacy",
    "ivr.audit",
    "ivr.directory",
    "ivr.patients",
    "ivr.accounts",
    "ivr.calls",
    "ivr.closures",
    "ivr.queue",
    "ivr.oncall",
    "ivr.interpreters",
    "ivr.callbacks",
    "ivr.recordings",
    "ivr.workforce",
    "ivr.flows",
    "ivr.web",
    "ivr.ops",
)


@cache
def installed_features() -> Features:
    """What the folders give, joined. Raises GivenTwice where two give the same."""
    from ivr.core.feature import Features

    return Features(_given("feature", "FEATURE"))


def installed_commands() -> Mapping[str, Command]:
    """The commands of the folders by name. None of their modules is imported."""
    return {one.name: one for given in _given("command_list", "COMMANDS") for one in given}


def installed_tables() -> tuple[MetaData, ...]:
    """Every table of this installation: those of the features, and those of the vault."""
    from ivr.core.database import metadata
    from recordings_vault.tables import metadata as vault_metadata

    installed_features()
    return metadata, vault_metadata


def _given(module: str, name: str) -> Iterator[Any]:
    """What those of the folders give that have such a module."""
    for folder in FOLDERS:
        if find_spec(f"{folder}.{module}") is not None:
            yield getattr(import_module(f"{folder}.{module}"), name)
