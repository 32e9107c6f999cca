"""Revisions of the organisation: what changes, putting one in force, and having the one a call is pinned to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Connection, Engine, RootTransaction, insert, select

from ivr.directory.organisation import Organisation
from ivr.directory.problems import DirectoryError
from ivr.directory.tables import config_activation, config_revision
from ivr.directory.yaml_reader import Tree

_NAMES = ("id", "key")
_LONGEST = 160
_NEWEST = select(config_activation.c.revision_id).order_by(config_activation.c.id.desc()).limit(1)
_known: WeakKeyDictionary[Engine, dict[int, Organisation]] = WeakKeyDictionary()
_undecided: WeakSet[RootTransaction] = WeakSet()
"""Transactions that made a revision: until they commit, its number may yet come to mean another."""


class UnknownRevision(DirectoryError):
    """No configuration was loaded, or none with this number."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``before`` or ``after`` is None where there was or will be nothing."""

    file: str
    place: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {_shown(self.before)} -> {_shown(self.after)}"


def diff(old: Organisation | None, new: Organisation) -> list[Change]:
    """What ``new`` changes, file by file in a fixed order; entries of lists are matched by their id or key."""
    before, after = (_files(one) if one else {} for one in (old, new))
    files = sorted(before.keys() | after.keys())
    return [change for file in files for change in _changes(file, (), before.get(file), after.get(file))]


def apply(connection: Connection, organisation: Organisation, at: datetime, actor: str) -> int:
    """Put ``organisation`` in force and give its revision id; nothing happens when it is in force already.

    All within the transaction of ``connection``.
    """
    revision = _revision_of(connection, organisation)
    if revision is None:
        revision = _store(connection, organisation)
    if revision != current(connection):
        activation = {"revision_id": revision, "applied_at": at, "applied_by": actor}
        connection.execute(insert(config_activation).values(activation))
    return revision


def current(connection: Connection) -> int | None:
    """The id of the revision in force, or None before the first."""
    return connection.execute(_NEWEST).scalar_one_or_none()


def load(connection: Connection, revision: int | None = None) -> Organisation:
    """The organisation of a revision, or the one in force; :class:`UnknownRevision` when there is none.

    A revision never changes, so a process asks each database for it once.
    """
    wanted = current(connection) if revision is None else revision
    known = _known.setdefault(connection.engine, {})
    if wanted in known:
        return known[wanted]
    body = connection.execute(select(config_revision.c.body).where(config_revision.c.id == wanted)).scalar_one_or_none()
    if body is None or wanted is None:
        raise UnknownRevision("no such configuration is loaded; load one with: sunline load DIR")
    found = Organisation.from_json(body)
    if connection.get_transaction() not in _undecided:
        known[wanted] = found
    return found


def _revision_of(connection: Connection, organisation: Organisation) -> int | None:
    same = select(config_revision.c.id).where(config_revision.c.digest == organisation.digest)
    return connection.execute(same).scalar_one_or_none()


def _store(connection: Connection, organisation: Organisation) -> int:
    row = {"digest": organisation.digest, "body": organisation.to_json()}
    stored = insert(config_revision).values(row).returning(config_revision.c.id)
    if transaction := connection.get_transaction():
        _undecided.add(transaction)
    return int(connection.execute(stored).scalar_one())


def _files(organisation: Organisation) -> dict[str, Tree]:
    tree = json.loads(organisation.body)
    folders = {f"{kind}/{name}": one for kind in ("practices", "protocols") for name, one in tree[kind].items()}
    return {"operator": tree["operator"], "oncall": tree["oncall"], **folders}


def _changes(file: str, place: tuple[str, ...], before: Tree | None, after: Tree | None) -> Iterator[Change]:
    if before == after:
        return
    old, new = _entries(before), _entries(after)
    if old is None or new is None or (not place and not (old and new)):
        yield Change(file, ".".join(place) or "the whole file", _compact(before), _compact(after))
        return
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _changes(file, (*place, name), old.get(name), new.get(name))


def _entries(tree: Tree | None) -> Mapping[str, Tree] | None:
    if isinstance(tree, dict):
        return tree
    if isinstance(tree, list) and tree and all(isinstance(item, dict) for item in tree):
        return _named([item for item in tree if isinstance(item, dict)])
    return None


def _named(items: list[dict[str, Tree]]) -> Mapping[str, Tree] | None:
    name = next((name for name in _NAMES if all(name in item for item in items)), None)
    return None if name is None else {str(item[name]): item for item in items}


def _compact(tree: Tree | None) -> str | None:
    if tree is None or isinstance(tree, str):
        return tree
    if isinstance(tree, list):
        return f"[{', '.join(_compact(item) or '' for item in tree)}]"
    return f"{{{', '.join(f'{key}: {_compact(value)}' for key, value in tree.items())}}}"


def _shown(text: str | None) -> str:
    if text is None:
        return "nothing"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
