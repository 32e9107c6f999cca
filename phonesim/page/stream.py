"""Server-sent events: everything shown now, then every change, until one of the two is gone (HTML: EventSource)."""

import json
from collections.abc import Iterator

from phonesim.page.board import Board

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 1000


def events(board: Board, mark: str) -> Iterator[bytes]:
    """``mark`` is the reader's Last-Event-ID: a reader of this run gets what it missed, any other everything."""
    seen = board.place(mark)
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    yield _event("start", json.dumps({"fresh": seen == 0}))
    while not board.closed:
        changes = board.wait(seen, HEARTBEAT_SECONDS)
        for change in changes:
            yield _event(change.kind, change.data, board.marked(change.number))
            seen = change.number
        if not changes:
            yield b": still here\n\n"


def _event(kind: str, data: str, mark: str | None = None) -> bytes:
    where = "" if mark is None else f"id: {mark}\n"
    return f"event: {kind}\n{where}data: {data}\n\n".encode()
