"""The configuration file of a stand-in that runs by itself; every problem names its file, line and mend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from phonesim.encryption import readable
from phonesim.errors import FileError, PhonesimError
from phonesim.faults import read as read_fault
from phonesim.numbers import E164, checked
from phonesim.options import Options, RecordingKey
from phonesim.phone import BEHAVIOURS
from phonesim.reading import Read, Reader, instant, number, text, whole
from phonesim.tree import Item, read_tree
from phonesim.values import MOST, is_whole
from phonesim.web.addresses import is_absolute

TOKEN = "PHONESIM_AUTH_TOKEN"
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What is served. ``token`` and the values of ``api_keys`` are names of environment variables."""

    account: str = "AC" + "0" * 32
    token: str = TOKEN
    host: str = "127.0.0.1"
    port: int = 8100
    rate: float = 1.0
    start: datetime | None = None
    seed: int = 1
    names: tuple[str, ...] = ()
    debugger: str = ""
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    api_keys: Mapping[str, str] = field(default_factory=dict)
    caller_ids: tuple[str, ...] = ()
    verify_services: tuple[str, ...] = ()
    phones: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    recording_key: RecordingKey | None = None


def read_configuration(path: Path) -> Configuration:
    """The configuration in a file. Raises FileError with all that is wrong."""
    reader = Reader(path)
    found = reader.value(read_tree(path), partial(_fields, known=FILE))
    if reader.problems:
        raise FileError(reader.problems)
    return Configuration(**found)


# Readers: each takes a value and raises ValueError with what it expected


def _fields(item: Item, reader: Reader, known: Mapping[str, Read]) -> dict[str, Any]:
    return reader.record(item, known)


def _by(item: Item, reader: Reader, name: Read, read: Read) -> dict[str, Any]:
    """A mapping whose keys are not known before, such as numbers."""
    if not isinstance(item.value, dict):
        raise ValueError("one key a line, each with its value")
    found = {}
    for key, value in item.value.items():
        if reader.value(Item(key, value.line), name) is not None:
            found[key] = reader.value(value, read)
    return found


def _list(item: Item, reader: Reader, read: Read) -> tuple[Any, ...]:
    return tuple(reader.value(one, read) for one in item.items)


def _like(pattern: str, example: str) -> Read:
    def read(item: Item, _reader: Reader) -> str:
        if not re.fullmatch(pattern, item.text or ""):
            raise ValueError(example)
        return item.text or ""

    return read


def _choice(*known: str) -> Read:
    return _like("|".join(map(re.escape, known)), f"one of {', '.join(known)}")


def _url(item: Item, _reader: Reader) -> str:
    if not is_absolute(item.text or ""):
        raise ValueError("an absolute address such as http://127.0.0.1:5000/voice")
    return item.text or ""


def _variable(item: Item, reader: Reader) -> str:
    # What stands here may be the secret itself, so that it is not repeated.
    if not re.fullmatch("[A-Z_][A-Z0-9_]*", item.text or ""):
        reader.complain(item, "this is no name of an environment variable", "write its name, such as PHONESIM_SECRET")
    return item.text or ""


def _address(item: Item, _reader: Reader) -> str:
    try:
        return checked(item.text or "")
    except PhonesimError as problem:
        raise ValueError('an address in quotes, such as "+13125550181" or "client:ana"') from problem


def _fault(item: Item, reader: Reader) -> str:
    try:
        read_fault(item.text or "")
    except PhonesimError as problem:
        reader.problems.append(f"{reader.path}:{item.line}: {problem}")
    return item.text or ""


def _key(item: Item, reader: Reader) -> RecordingKey | None:
    found = _fields(item, reader, {"sid": _like("CR[0-9a-f]{32}", "CR and 32 hexadecimal digits"), "pem": text})
    if found.keys() != {"sid", "pem"}:
        raise ValueError("sid: CR... and pem: the path of a public key")
    path = reader.path.parent / str(found["pem"])
    pem = path.read_bytes() if path.is_file() else b""
    if not readable(pem):
        raise ValueError("under pem: the path, from this file, of an RSA public key in PEM")
    return RecordingKey(found["sid"], pem)


def _not_negative(item: Item, _reader: Reader) -> float:
    try:
        found = float(item.text or "")
    except ValueError:
        found = -1.0
    if not 0 <= found <= MOST:
        raise ValueError("a number of at least 0, and no more than a billion")
    return found


def _flag(item: Item, reader: Reader) -> bool:
    return bool(_choice("true", "false")(item, reader) == "true")


def _port(item: Item, _reader: Reader) -> int:
    if not is_whole(item.text or "", most=HIGHEST_PORT):
        raise ValueError("a port such as 8100; 0 picks one")
    return int(item.text or "")


def number_and_url(item: Item, reader: Reader) -> tuple[str, str]:
    """A number of ours and where its calls are asked for."""
    address, _, url = (item.text or "").partition("=")
    try:
        return _E164(Item(address, item.line), reader), _url(Item(url, item.line), reader)
    except ValueError as problem:
        raise ValueError("+13125550100=http://127.0.0.1:5000/voice") from problem


def _number_of(*known: str) -> Read:
    read = _choice(*known)
    return lambda item, reader: int(read(item, reader))


_KINDS: Mapping[Any, Read] = {bool: _flag, int: whole, float: _not_negative, float | None: _not_negative, str: text}
OPTIONS: Mapping[str, Read] = {
    **{one.name: _KINDS[one.type] for one in fields(Options) if one.type in _KINDS},
    # Nothing could ever be said, played or dialled in no time at all.
    **dict.fromkeys(("characters_per_second", "play_seconds", "calls_per_second"), number),
    # An application is told these as they are written, so that only what Twilio may say is taken.
    "api_url": _url,
    "lone_participant_hears": _choice("silence", "music"),
    "early_hangup_result": _choice("system-error", "hangup"),
    "conference_recording_channels": _number_of("1", "2"),
    **dict.fromkeys(
        ("dial_status_caller_gone", "screen_declined_status", "unregistered_client_status"),
        _choice("completed", "busy", "no-answer", "failed", "canceled"),
    ),
    "http_error_code": _number_of("11200", "11217"),
    "timeout_error_code": _number_of("11200", "11205"),
    "root_error_code": _number_of("12100", "12102"),
}
_METHOD = _choice("GET", "POST")
NUMBER: Mapping[str, Read] = {
    "voice_url": _url, "voice_method": _METHOD, "voice_fallback_url": _url, "voice_fallback_method": _METHOD,
    "status_callback": _url, "status_callback_method": _METHOD, "caller_name": _flag, "sms_url": _url,
    "sms_method": _METHOD,
}  # fmt: skip
PHONE: Mapping[str, Read] = {
    "name": text, "role": text, "behaviour": _choice(*BEHAVIOURS), "answer_delay": _not_negative,
}  # fmt: skip
_E164 = _like(E164.pattern, 'a number in quotes, such as "+13125550100"')
FILE: Mapping[str, Read] = {
    "account": _like("AC[0-9a-f]{32}", "AC and 32 hexadecimal digits"), "token": _variable, "host": text,
    "port": _port, "rate": number,
    "start": instant, "seed": whole, "names": partial(_list, read=text), "debugger": _url,
    "numbers": partial(_by, name=_E164, read=partial(_fields, known=NUMBER)),
    "api_keys": partial(_by, name=_like("SK[0-9a-f]{32}", "SK and 32 hexadecimal digits"), read=_variable),
    "caller_ids": partial(_list, read=_E164),
    "verify_services": partial(_list, read=_like("VA[0-9a-f]{32}", "VA and 32 hexadecimal digits")),
    "phones": partial(_by, name=_address, read=partial(_fields, known=PHONE)),
    "options": partial(_fields, known=OPTIONS), "faults": partial(_list, read=_fault), "recording_key": _key,
}  # fmt: skip
