"""What a command lists, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print a JSON list, with an object for each.")


def echo_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as a JSON list; instants are written in UTC as in RFC 3339."""
    click.echo(json.dumps(list(rows), default=_plain, ensure_ascii=False, indent=1))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)
