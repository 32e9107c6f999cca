"""Server-sent events: everything shown now, then every change, until one of the two is gone (HTML: EventSource)."""

import json
from collections.abc import Iterator

from phonesim.page.board import Board, Change

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 1000


def events(board: Board, mark: str) -> Iterator[bytes]:
    """``mark`` is the reader's Last-Event-ID: a reader of this run gets what it missed, any other everything.

    ``start`` comes before that, ``caught-up`` after; what follows is news.
    """
    seen = board.place(mark)
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    yield _event("start", json.dumps({"fresh": seen == 0}))
    missed = board.newer(seen)
    yield from _told(board, missed)
    yield _event("caught-up", "{}")
    yield from _news(board, missed[-1].number if missed else seen)


def _news(board: Board, seen: int) -> Iterator[bytes]:
    while not board.closed:
        changes = board.wait(seen, HEARTBEAT_SECONDS)
        yield from _told(board, changes)
        if changes:
            seen = changes[-1].number
        else:
            yield b": still here\n\n"


def _told(board: Board, changes: list[Change]) -> Iterator[bytes]:
    return (_event(change.kind, change.data, board.marked(change.number)) for change in changes)


def _event(kind: str, data: str, mark: str | None = None) -> bytes:
    where = "" if mark is None else f"id: {mark}\n"
    return f"event: {kind}\n{where}data: {data}\n\n".encode()
