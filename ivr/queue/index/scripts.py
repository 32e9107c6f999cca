"""The keys of the index in Redis, and the scripts in ``lua/`` that read and change them.

Redis runs a script in one step: nothing comes between its commands (Redis: "Scripting with Lua"). Some scripts make the
names of keys from what they read, which Redis allows while all keys are on one server.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError

BUILT = "sunline:waiting:built"
"""The revision and the day that the index is of, see :mod:`ivr.queue.index.rebuilding`."""

FILLED = "sunline:waiting:filled"
"""When it was filled."""

NEWS = "sunline:waiting:news"
"""Counts every change of the index, so that a rebuilding notices changes made meanwhile."""

PLACES = "sunline:waiting:places"
"""Every waiting call by its priority."""

LINES = "sunline:waiting:line:"
"""Searching calls that are alike by their priorities; what follows is how they are alike, hidden, the skill first."""

LINE_OF = "sunline:waiting:line-of"
"""The line of each call."""

FRONTS = "sunline:waiting:fronts:"
"""The lines in which somebody waits for a skill, by the priority of the first; the skill follows, hidden."""

CELLS = "sunline:agents:idle:"
"""Idle agents of one cell by their scores, see :mod:`routing.filing`."""

VERSIONS = "sunline:agents:versions"
"""The version of each agent's row that is filed, so that news which comes late changes nothing."""

CLAIMS = "sunline:agents:claims"
"""Agents to whom somebody is about to offer a call, and since when; others are chosen first."""

_FOLDER = Path(__file__).parent / "lua"


class Script:
    """A script that Redis is sent once and then called by its digest."""

    def __init__(self, *files: str) -> None:
        self._text = "\n".join((_FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in files)
        self._digest = sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, redis: Redis, keys: Sequence[str], *arguments: Any) -> Any:
        """Run it; what it returns."""
        try:
            return redis.execute_command("EVALSHA", self._digest, len(keys), *keys, *arguments)  # type: ignore[no-untyped-call]
        except NoScriptError:
            return redis.eval(self._text, len(keys), *keys, *arguments)


claim_best = Script("claim_best")
reindex = Script("reindex")
add_call = Script("front", "add_call")
remove_call = Script("front", "remove_call")
fronts = Script("fronts")
position = Script("position")
