"""Values a script reads: what was heard, traced, alerted and texted."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

MOST = 1_000_000_000
"""The greatest number that means anything here."""
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Beyond, calendars cannot be reckoned with."""
WHOLE = re.compile("0*[0-9]{1,10}")


def is_whole(text: str, least: int = 0, most: int = MOST) -> bool:
    """Tell whether a text is a whole number in a range, in plain digits: those of other scripts count nothing."""
    return WHOLE.fullmatch(text) is not None and least <= int(text) <= most


@dataclass(slots=True)
class Heard:
    """One sound in a party's ear. ``until`` is None while an open-ended sound (music, ringing) still plays.

    A sound stopped early keeps its whole text with ``cut=True``; ``spoken`` gives only the part that was played.
    """

    at: datetime
    until: datetime | None
    text: str
    kind: str
    language: str = ""
    cut: bool = False
    planned: float | None = None
    voice: str = ""

    @property
    def spoken(self) -> str:
        """The share of the text that fits between ``at`` and ``until``."""
        if not self.cut or not self.planned or self.until is None:
            return self.text
        share = (self.until - self.at).total_seconds() / self.planned
        return self.text[: int(len(self.text) * share)]


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened; enough of them make a transcript."""

    at: datetime
    kind: str
    who: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """An entry of the account's debugger. ``message`` is the title and what was wrong, ``more_info`` where.

    ``method`` and ``status`` are those of the request it is about; ``line`` is a line of the document.
    """

    at: datetime
    code: int
    message: str
    call_sid: str
    url: str
    sid: str = ""
    level: str = "error"
    title: str = ""
    why: str = ""
    line: int | None = None
    method: str = ""
    status: int | None = None

    @property
    def help(self) -> str:
        """Where Twilio explains the code."""
        return f"https://www.twilio.com/docs/api/errors/{self.code}"

    @property
    def more_info(self) -> dict[str, str]:
        """The facts in the words of the debugger."""
        facts = {
            "Msg": self.why or self.title, "ErrorCode": str(self.code), "LogLevel": self.level.upper(),
            "url": self.url, "request_method": self.method, "httpResponse": self.status, "line": self.line,
        }  # fmt: skip
        return {name: str(value) for name, value in facts.items() if value not in {None, ""}}


@dataclass(frozen=True, slots=True)
class Text:
    """A text message as the phone shows it."""

    at: datetime
    from_: str
    body: str


def rfc2822(at: datetime) -> str:
    """Format as v2010 webhooks and JSON do, for example ``Fri, 20 Aug 2010 01:13:42 +0000``."""
    return format_datetime(at)


def iso8601(at: datetime) -> str:
    """Format as the v1 and v2 services do, for example ``2015-07-30T20:00:00Z``."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def counted(number: int, one: str, several: str = "") -> str:
    """``1 call``, ``2 calls``; ``several`` where an s does not do."""
    return f"{number} {one if number == 1 else several or one + 's'}"
