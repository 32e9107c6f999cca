"""Going on in a list of a page: its address names the last row that was shown, by an id."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import abort, request
from sqlalchemy import Connection

Found = TypeVar("Found")


def find_row_before(connection: Connection, find: Callable[[Connection, str], Found | None]) -> Found | None:
    """Return the row that the list goes on from, and None for its beginning. A row that does not exist is a 404."""
    wanted = request.args.get("before")
    if wanted is None:
        return None
    return find(connection, wanted) or abort(404)
