"""Keys that requests bore in releases before, so that calls of then go on and are told from their logs."""

from __future__ import annotations

import re

_IN_VAIN = re.compile(r"^(agent|errand|person)/\d/(stop|promise|message)(?=/|$)")
"""What follows where nobody came bore the number of the search, which made no difference to it."""
_TALK, _TALKED_ON = "talk", re.compile(r"^talk/(again|lost/\d(/again)?)$")
"""The first talk of whoever is called back, and those after news of who comes, which are numbered since."""
_NUMBERED = re.compile(r"^talk/[1-9]$")


def is_key_of(asked: str, logged: str) -> bool:
    """Whether the request that bears the key ``asked`` now is the one that was ``logged``."""
    if logged == asked or _IN_VAIN.sub(r"\1/\2", logged) == asked:
        return True
    first = logged == _TALK and asked == f"{_TALK}/0"
    return first or bool(_TALKED_ON.match(logged) and _NUMBERED.match(asked))
