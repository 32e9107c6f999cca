"""The sign-off of a protocol: which text it is for, and whether that is the text that stands there now.

The fingerprint is over everything that the file says, who signed, when and until when included, and over nothing of
how it is laid out: comments, the order of keys and line breaks may change. It tells that a text was changed after it
was signed. It is no proof of who signed: whoever may change the file may run the command that signs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from ivr.directory.yaml_reader import Tree

SIGN_OFF, FINGERPRINT = "sign_off", "fingerprint"
DIGITS = 32
"""128 bits: nobody searches for two texts here, so what counts is that it can be read out and compared."""

State = Literal["unsigned", "without a fingerprint", "changed", "signed"]


def fingerprint_of(protocol: Mapping[str, Tree]) -> str:
    """The fingerprint of a protocol as written, its sign-off included but for a fingerprint in it."""
    signed = protocol.get(SIGN_OFF)
    kept = {key: value for key, value in signed.items() if key != FINGERPRINT} if isinstance(signed, dict) else signed
    text = json.dumps({**protocol, SIGN_OFF: kept}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:DIGITS]


def state_of(protocol: Mapping[str, Tree]) -> State:
    """Whether somebody signed a protocol as written, and the text as it is now."""
    signed = protocol.get(SIGN_OFF)
    if not isinstance(signed, dict):
        return "unsigned"
    if FINGERPRINT not in signed:
        return "without a fingerprint"
    return "signed" if signed[FINGERPRINT] == fingerprint_of(protocol) else "changed"
