"""Answers to GET requests kept for later, as their headers allow; POST never (Twilio: TwiML voice requests)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from phonesim.values import MOST, is_whole
from phonesim.web.messages import Response

MOST_KEPT = 1000
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, until when it may be used without asking, and the headers to ask with afterwards."""

    response: Response
    until: datetime
    questions: dict[str, str]


class Cache:
    """The newest answers by URL, shared by all calls of the account."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def find(self, url: str) -> Kept | None:
        """What is kept of a URL."""
        return self._kept.get(url)

    def keep(self, url: str, response: Response, now: datetime) -> None:
        """Remember a good answer that has a validator or an age; forget what was kept otherwise."""
        self._kept.pop(url, None)
        control = (response.header("cache-control") or "").lower()
        questions = {ask: value for name, ask in VALIDATORS.items() if (value := response.header(name))}
        age = _age(control)
        if response.status != 200 or "no-store" in control or not (questions or age):
            return
        self._kept[url] = Kept(response, now + timedelta(seconds=age), questions)
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]


def _age(control: str) -> int:
    found = re.search("max-age=([0-9]+)", control)
    if not found or "no-cache" in control:
        return 0
    return int(found[1]) if is_whole(found[1]) else MOST
