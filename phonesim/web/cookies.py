"""Cookies of one call: kept and sent back like a browser does (Twilio: TwiML voice requests)."""

from dataclasses import dataclass
from http.cookies import CookieError, Morsel, SimpleCookie
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Cookie:
    """A value and where it is sent."""

    value: str
    path: str
    secure: bool


class CookieJar:
    """Cookies per host, by name and path; one that expires at once is forgotten."""

    def __init__(self) -> None:
        self._by_host: dict[str, dict[tuple[str, str], Cookie]] = {}

    def header(self, url: str) -> str | None:
        """The Cookie header for a URL, or None."""
        if not self._by_host:
            return None
        parts = urlsplit(url)
        kept = self._by_host.get(parts.hostname or "", {})
        sent = [
            f"{name}={cookie.value}"
            for (name, path), cookie in kept.items()
            if _below(parts.path or "/", path) and (parts.scheme == "https" or not cookie.secure)
        ]
        return "; ".join(sent) or None

    def keep(self, url: str, headers: list[tuple[str, str]]) -> None:
        """Remember every Set-Cookie of a response."""
        for name, value in headers:
            if name == "set-cookie":
                self._keep_one(url, value)

    def _keep_one(self, url: str, value: str) -> None:
        parts = urlsplit(url)
        kept = self._by_host.setdefault(parts.hostname or "", {})
        try:
            morsels = SimpleCookie(value).values()
        except CookieError:
            return
        for morsel in morsels:
            key = (morsel.key, morsel["path"] or _folder(parts.path))
            if _expired(morsel):
                kept.pop(key, None)
            else:
                kept[key] = Cookie(morsel.coded_value, key[1], bool(morsel["secure"]))


def _expired(morsel: "Morsel[str]") -> bool:
    age = str(morsel["max-age"])
    return age == "0" or age.startswith("-") or morsel.value == ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder if folder.endswith("/") else f"{folder}/")
