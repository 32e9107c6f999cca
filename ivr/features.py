"""Every feature of this installation, a line each, lowest floor first. A new one is a folder and its line here.

A folder gives a ``FEATURE`` in its ``feature.py``, ``COMMANDS`` in its ``command_list.py``, or both. They are
imported when they are asked for, because listing the commands must not import a web server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ivr.core.command import Command
from ivr.core.joining import join_given

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from ivr.core.feature import Features

FOLDERS = (
    "ivr.jobs",
    "ivr.privacy",
    "ivr.audit",
    "ivr.hearing",
    "ivr.directory",
    "ivr.patients",
    "ivr.accounts",
    "ivr.rotas",
    "ivr.calls",
    "ivr.codes",
    "ivr.professionals",
    "ivr.closures",
    "ivr.queue",
    "ivr.verification",
    "ivr.oncall",
    "ivr.interpreters",
    "ivr.callbacks",
    "ivr.recordings",
    "ivr.responsibility",
    "ivr.clinicians",
    "ivr.call_records",
    "ivr.morning_summaries",
    "ivr.workforce",
    "ivr.flows",
    "ivr.web",
    "ivr.ops",
)


@cache
def installed_features() -> Features:
    """What the folders give, joined. Raises GivenTwice where two give the same."""
    from ivr.core.feature import Features

    return Features(feature for _, feature in _given("feature", "FEATURE"))


def installed_commands() -> Mapping[str, Command]:
    """The commands of the folders by the name of today. None of their modules is imported.

    Raises GivenTwice where two answer to the same name, also to one that they had before.
    """
    by_name = join_given("commands", _commands_of_folders())
    return MappingProxyType({name: command for name, command in by_name.items() if name == command.name})


def installed_tables() -> tuple[MetaData, ...]:
    """Every table of this installation: those of the features, and those of the vault."""
    from ivr.core.database import metadata
    from recordings_vault.tables import metadata as vault_metadata

    installed_features()
    return metadata, vault_metadata


def _commands_of_folders() -> Iterator[tuple[str, Mapping[str, Command]]]:
    for folder, commands in _given("command_list", "COMMANDS"):
        yield folder, {name: one for one in commands for name in (one.name, *one.formerly)}


def _given(module: str, name: str) -> Iterator[tuple[str, Any]]:
    """What those of the folders give that have such a module, each with the folder."""
    for folder in FOLDERS:
        if find_spec(f"{folder}.{module}") is not None:
            yield folder, getattr(import_module(f"{folder}.{module}"), name)
