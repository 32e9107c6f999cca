"""How many there are of something, as people write it."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """``1 gap``, ``2 gaps``; ``several`` where an s does not do."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
