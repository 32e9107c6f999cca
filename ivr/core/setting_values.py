"""Readers of one setting each: text in, value out, or a word on what it should have been.

No reader ever repeats the text, because it may be a secret or hold one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ivr.core.counting import counted
from ivr.core.redis_address import read_redis_address
from ivr.core.telephone_numbers import parse_ringable

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}\.)*{_LABEL}|[0-9a-f:.]*:[0-9a-f:.]*")


class UnreadableValue(Exception):
    """What is wrong with a value and what it should be, without the value."""


def matching(pattern: str, kind: str) -> Callable[[str], str]:
    """A reader of text that has the whole of ``pattern``."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise UnreadableValue(f"{'cannot be read' if text else 'is empty'}; give {kind}")
        return text

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of a few words."""
    return matching("|".join(words), " or ".join(words))


def secret(least: int) -> Callable[[str], str]:
    """A reader of a secret of at least ``least`` characters."""
    return matching(rf"\S{{{least},}}", f"at least {counted(least, 'character')} without spaces")


def folder(text: str) -> Path:
    """An absolute path; ``~`` is the home folder."""
    if not text:
        raise UnreadableValue("is empty; give a folder")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise UnreadableValue("begins with the home of somebody who has none; give a folder") from None


def database(text: str) -> str:
    """An SQLAlchemy address; PostgreSQL is always spoken to through psycopg 3. None that is gone with its process."""
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    kind = "postgresql://USER@HOST/NAME or sqlite:///PATH"
    parts = _split(text, kind)
    named = parts.path.strip("/")
    lasts = not parts.netloc and named != ":memory:" if parts.scheme == "sqlite" else True
    if parts.scheme not in ("postgresql+psycopg", "sqlite") or not named or not lasts:
        raise UnreadableValue(f"cannot be read as an address; give {kind}")
    return text


def storage(text: str) -> str:
    """Where encrypted recordings are: a folder of this machine, or a bucket."""
    kind = "file:///FOLDER, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://ACCOUNT/CONTAINER"
    parts = _split(text, kind)
    folder, place = parts.path.strip("/"), parts.netloc
    named = {"file": folder and not place, "s3": place, "gs": place, "az": place and folder}
    if not named.get(parts.scheme):
        raise UnreadableValue(f"cannot be read as an address; give {kind}")
    return text


def origin(text: str) -> str:
    """Scheme, host and port of a server, without a slash at the end."""
    kind = "https://HOST without a path"
    parts = _split(text, kind)
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("https", "http") or not _is_host(parts) or extra:
        raise UnreadableValue(f"cannot be read as the address of a server; give {kind}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def file_elsewhere(text: str) -> str:
    """The address of a file that another host serves."""
    kind = "https://HOST/PATH of a copy of fallback.xml"
    parts = _split(text, kind)
    if parts.scheme != "https" or not _is_host(parts) or not parts.path.strip("/") or parts.username:
        raise UnreadableValue(f"cannot be read as the address of a file; give {kind}")
    return text


def redis(text: str) -> str:
    """The address of a Redis server, or of the sentinels that know it."""
    try:
        read_redis_address(text)
    except ValueError:
        kind = "rediss://:PASSWORD@HOST, unix:///PATH or rediss+sentinel://:PASSWORD@HOST,HOST/SERVICE"
        raise UnreadableValue(f"cannot be read as an address; give {kind}") from None
    return text


def rate(text: str) -> float:
    """Calls per second, more than none."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or float(text) == 0:
        raise UnreadableValue("cannot be read as a rate; give calls per second, such as 1 or 0.5")
    return float(text)


def hops(text: str) -> int:
    """How many proxies a request comes through."""
    if not re.fullmatch("[0-9]", text):
        raise UnreadableValue("cannot be read as a number of proxies; give 0 to 9")
    return int(text)


def ringable(text: str) -> str:
    """A telephone that may be rung: none that is paid by the minute, and no satellite."""
    number = parse_ringable(phone(text), "configuration")
    if number is None:
        raise UnreadableValue("may not be rung; give the number of an ordinary telephone, such as +13125550190")
    return number


def _is_host(parts: SplitResult) -> bool:
    """Whether somebody can be asked there: names have no underscores, which Twilio refuses, nor anything stranger."""
    return _HOST.fullmatch(parts.hostname or "") is not None and parts.port != 0


def _split(text: str, kind: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read here, because a port that is no number is only found on reading
    except ValueError:
        raise UnreadableValue(f"cannot be read as an address; give {kind}") from None
    return parts


keep = matching("[1-9][0-9]{0,4}d|[1-9][0-9]{0,2}y", "a length such as 90d or 7y, of at most 999y")
phone = matching(r"\+[1-9][0-9]{6,14}", "a phone number such as +13125550190")
master_key = matching(r"(file:|gcp-kms://|aws-kms://).+", "file:PATH, gcp-kms://KEY or aws-kms://KEY")
