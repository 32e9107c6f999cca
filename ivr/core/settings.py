"""Everything this installation is told from outside: read once, at the start, wholly or not at all.

docs/settings.md describes every name. Nothing secret is ever part of a message or a representation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ivr.core import setting_values as read
from ivr.core.redis_address import unprotected

OURS = "SUNLINE_"
FOR_TESTS = frozenset({"SUNLINE_TEST_DATA"})
OURS_TO_CHOOSE = ("session_secret", "metrics_token")
"""The fields with secrets that the operator makes up, and so may make up badly."""
FEWEST_CHARACTERS = 8
"""Different characters in such a secret."""
WITHOUT_EFFECT = {
    "SUNLINE_RETENTION_AUDIT": "the audit log is never cut, because each of its rows proves those before it",
    "SUNLINE_RETENTION_NOTES": "no notes are kept",
    "SUNLINE_RETENTION_TRANSCRIPTS": "no transcripts are made",
}
"""Names that earlier versions read and that changed nothing: whoever sets one relies on what is not so."""
NOT_SET = "is not set"
DEMO_SECRET = "only-for-the-demo-where-nobody-real-calls"


class CannotStart(Exception):
    """Nothing of this installation may start as it is; the text says why and what to do."""


class SettingsError(CannotStart):
    """The environment cannot be used; ``problems`` has a line for every variable at fault, with its mend."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Setting:
    """How one field is read. ``needed`` says what to give where nothing stands in for a missing variable."""

    name: str
    parse: Callable[[str], Any]
    default: str | None
    in_demo: str | None
    needed: str | None

    def stand_in(self, *, demo: bool) -> str | None:
        """The text that counts where the variable is not set."""
        return self.in_demo if demo and self.in_demo is not None else self.default


def _set_by(
    name: str,
    parse: Callable[[str], Any],
    *,
    default: str | None = None,
    in_demo: str | None = None,
    needed: str | None = None,
    secret: bool = False,
) -> Any:
    return field(repr=not secret, metadata={"setting": Setting(name, parse, default, in_demo, needed)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """This installation. In a default, ``{data}`` is the data folder."""

    mode: str = _set_by("SUNLINE_MODE", read.one_of("production", "demo"), default="production")
    data_dir: Path = _set_by("SUNLINE_DATA_DIR", read.folder, default="var")  # noqa: RUF009 - it is a field
    hearing_sentences: Path | None = _set_by("SUNLINE_HEARING_SENTENCES", read.folder)  # noqa: RUF009 - it is a field
    """Sentences of the operator's own, from which the ear learns too; None: it learns from those of the release."""
    database_url: str = _set_by(
        "SUNLINE_DATABASE_URL", read.database, default="sqlite:///{data}/sunline.db", secret=True
    )
    redis_url: str | None = _set_by("SUNLINE_REDIS_URL", read.redis, secret=True)
    """None: the server embedded in the data folder."""
    storage_url: str = _set_by("SUNLINE_STORAGE_URL", read.storage, default="file://{data}/recordings")
    public_url: str = _set_by(
        "SUNLINE_PUBLIC_URL",
        read.origin,
        in_demo="http://127.0.0.1:8000",
        needed="the https:// address at which the phone network reaches this server",
    )
    master_key: str = _set_by(
        "SUNLINE_MASTER_KEY",
        read.master_key,
        in_demo="file:{data}/master.key",
        needed="file:PATH of a key file, or gcp-kms://KEY or aws-kms://KEY",
    )
    session_secret: str = _set_by(
        "SUNLINE_SESSION_SECRET",
        read.secret(32),
        in_demo=DEMO_SECRET,
        needed="at least 32 random characters",
        secret=True,
    )
    metrics_token: str | None = _set_by("SUNLINE_METRICS_TOKEN", read.secret(32), in_demo=DEMO_SECRET, secret=True)
    """What monitoring shows at /metrics; None: nobody reads the figures."""
    trusted_proxies: int = _set_by("SUNLINE_TRUSTED_PROXIES", read.hops, default="0")
    """How many proxies in front write X-Forwarded-For; 0: nobody does, and the header says nothing."""
    fallback_number: str | None = _set_by("SUNLINE_FALLBACK_NUMBER", read.ringable)
    """Whom the fallback document dials while nothing else works."""
    fallback_url: str | None = _set_by("SUNLINE_FALLBACK_URL", read.file_elsewhere)
    """Where a copy of the fallback document is served by another host; None: only this server has it."""
    outbound_rate: float = _set_by("SUNLINE_OUTBOUND_RATE", read.rate, default="1")
    """Calls a second that the account may start (Twilio: "Calls per second")."""
    answer_log: str = _set_by("SUNLINE_ANSWER_LOG", read.one_of("by-position", "by-name"), default="by-position")
    """The form in which answers are logged. Both are read; the release before this one reads by position only."""
    seals: str = _set_by("SUNLINE_SEALS", read.one_of("by-field", "by-row", "only-by-row"), default="by-field")
    """What sealed values are bound to; the release before this one knows no rows. See `sunline key reseal`."""
    log_level: str = _set_by("SUNLINE_LOG_LEVEL", read.one_of("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
    retention_messages: str = _set_by("SUNLINE_RETENTION_MESSAGES", read.keep, default="7y")
    retention_call_logs: str = _set_by("SUNLINE_RETENTION_CALL_LOGS", read.keep, default="7y")
    twilio_api_url: str | None = _set_by("SUNLINE_TWILIO_API_URL", read.origin)
    """A stand-in for Twilio's REST API; None: the real one."""
    twilio_account_sid: str = _set_by(
        "TWILIO_ACCOUNT_SID",
        read.matching("AC[0-9a-f]{32}", "the account SID: AC and 32 hexadecimal digits"),
        in_demo="AC" + 32 * "0",
        needed="the account SID: AC and 32 hexadecimal digits",
    )
    twilio_auth_token: str = _set_by(
        "TWILIO_AUTH_TOKEN", read.secret(32), in_demo=DEMO_SECRET, needed="the account's auth token", secret=True
    )
    twilio_auth_token_secondary: str | None = _set_by("TWILIO_AUTH_TOKEN_SECONDARY", read.secret(32), secret=True)
    twilio_api_key: str | None = _set_by(
        "TWILIO_API_KEY", read.matching("SK[0-9a-f]{32}", "the key's SID: SK and 32 hexadecimal digits")
    )
    twilio_api_secret: str | None = _set_by("TWILIO_API_SECRET", read.secret(16), secret=True)

    @property
    def demo(self) -> bool:
        """True where nobody real can call: the phone network may be a stand-in and secrets may be known."""
        return self.mode == "demo"

    @property
    def twilio_auth_tokens(self) -> tuple[str, ...]:
        """Every token that may sign a webhook: two while tokens are being changed."""
        return tuple(token for token in (self.twilio_auth_token, self.twilio_auth_token_secondary) if token)


SETTINGS: Mapping[str, Setting] = {item.name: item.metadata["setting"] for item in fields(Settings)}
"""How each field of Settings is read, in the order in which they are read."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read ``environ``; raises SettingsError with every problem at once."""
    problems = list(_unknown_names(environ))
    values: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        try:
            values[name] = _value(environ, setting, values)
        except read.UnreadableValue as wrong:
            problems.append(f"{setting.name}: {wrong}")
    problems.extend(_disagreements(values))
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def _unknown_names(environ: Mapping[str, str]) -> Iterator[str]:
    known = {setting.name for setting in SETTINGS.values()}
    for name in sorted(environ):
        if name in WITHOUT_EFFECT:
            yield f"{name}: has no effect, for {WITHOUT_EFFECT[name]}; remove it"
        elif name.startswith(OURS) and name not in known | FOR_TESTS:
            near = get_close_matches(name, known, n=1)
            mend = f"did you mean {near[0]}?" if near else "remove it; docs/settings.md lists the names"
            yield f"{name}: there is no such setting; {mend}"


def _value(environ: Mapping[str, str], setting: Setting, earlier: Mapping[str, Any]) -> Any:
    text = environ.get(setting.name)
    if text is not None:
        return setting.parse(text.strip())
    stand_in = setting.stand_in(demo=earlier.get("mode") == "demo")
    if stand_in is not None:
        return setting.parse(stand_in.replace("{data}", str(earlier.get("data_dir", Path("var").absolute()))))
    if setting.needed is not None:
        raise read.UnreadableValue(f"{NOT_SET}; give {setting.needed}")
    return None


def _disagreements(values: Mapping[str, Any]) -> Iterator[str]:
    if (values.get("twilio_api_key") is None) != (values.get("twilio_api_secret") is None):
        yield "TWILIO_API_KEY, TWILIO_API_SECRET: one can be used and the other not; set both or neither"
    second = values.get("twilio_auth_token_secondary")
    if second is not None and second == values.get("twilio_auth_token"):
        yield "TWILIO_AUTH_TOKEN_SECONDARY: is the primary token and changes nothing; give the other one, or remove it"
    if values.get("mode") == "demo":
        return
    yield from _fallback_at_home(values)
    if values.get("twilio_api_url") is not None:
        yield "SUNLINE_TWILIO_API_URL: stands in for the phone network, which only the demo may; remove it"
    yield from _known_secrets(values)
    if str(values.get("public_url")).startswith("http:"):
        yield "SUNLINE_PUBLIC_URL: is not encrypted; give an address that begins with https://"
    if values.get("redis_url") is not None and (problem := unprotected(values["redis_url"])):
        yield f"SUNLINE_REDIS_URL: {problem}"


def _fallback_at_home(values: Mapping[str, Any]) -> Iterator[str]:
    """A copy of the fallback document that is gone exactly when it is needed."""
    ours, copy = (urlsplit(values.get(name) or "").hostname for name in ("public_url", "fallback_url"))
    if copy is not None and copy == ours:
        yield "SUNLINE_FALLBACK_URL: is this server, and gone whenever it is; give the address at another host"


def _known_secrets(values: Mapping[str, Any]) -> Iterator[str]:
    for field_name in OURS_TO_CHOOSE:
        text = values.get(field_name)
        if text is not None and (text == DEMO_SECRET or len(set(text)) < FEWEST_CHARACTERS):
            yield f"{SETTINGS[field_name].name}: is easy to guess; give what this prints: openssl rand -hex 32"
