"""The chain: each row's hash covers its own fields and the hash before it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self

from ivr.audit.tables import CONTENT

START = "0" * 64
"""What the first row has for its previous hash."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: kept outside the database, it proves later that nothing was cut off."""

    sequence: int = 0
    hash: str = START

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` wrote, or the hash alone; ValueError says what a head looks like."""
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise ValueError("a head is SEQUENCE:HASH, as `sunline audit head` prints it, or its HASH")
        return cls(int(found["sequence"] or 0), found["hash"])


_HEAD = re.compile(r"(?:(?P<sequence>[0-9]{1,18}):)?(?P<hash>[0-9a-f]{64})")


def row_hash(row: Mapping[str, Any], previous_hash: str) -> str:
    """SHA-256, as 64 hex digits, over a JSON list: version, previous hash, then every content column."""
    content = [_plain(row[name]) for name in CONTENT]
    text = json.dumps(["sunline-audit-1", previous_hash, *content], ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
