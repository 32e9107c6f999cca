"""Cookies of one call: kept and sent back like a browser does (Twilio: TwiML voice requests)."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit


class CookieJar:
    """Name and value per host; a cookie that expires at once is forgotten."""

    def __init__(self) -> None:
        self._by_host: dict[str, dict[str, str]] = {}

    def header(self, url: str) -> str | None:
        """The Cookie header for a URL, or None."""
        kept = self._by_host.get(urlsplit(url).hostname or "", {})
        return "; ".join(f"{name}={value}" for name, value in kept.items()) or None

    def keep(self, url: str, headers: list[tuple[str, str]]) -> None:
        """Remember every Set-Cookie of a response."""
        for name, value in headers:
            if name == "set-cookie":
                self._keep_one(urlsplit(url).hostname or "", value)

    def _keep_one(self, host: str, value: str) -> None:
        kept = self._by_host.setdefault(host, {})
        try:
            morsels = SimpleCookie(value).values()
        except CookieError:
            return
        for morsel in morsels:
            if morsel["max-age"] == "0" or morsel.value == "":
                kept.pop(morsel.key, None)
            else:
                kept[morsel.key] = morsel.coded_value
