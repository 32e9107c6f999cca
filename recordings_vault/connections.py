"""How the vault reaches its database: two callables, so that it can share one with a larger system."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

Connect = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection. One opened for writing commits when left, and rolls back on an exception."""
