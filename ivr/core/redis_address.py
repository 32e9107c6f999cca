"""The address of a Redis server, and whether whoever shares its network may read and write there."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

SENTINEL_PORT = 26379
SCHEMES = frozenset({"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel"})
TLS_FILES = ("ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile")
"""Options that say by which authority a server is known, and what is shown to it."""
_OF_SENTINELS = frozenset({*TLS_FILES, "username", "password", "ssl_cert_reqs", "ssl_check_hostname"})


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """An address, taken apart. ``hosts`` are the sentinels where a ``service`` is named, none for a Unix socket."""

    scheme: str
    hosts: tuple[tuple[str, int | None], ...]
    username: str | None
    password: str | None = field(repr=False)
    service: str
    options: dict[str, str]

    @property
    def through_sentinel(self) -> bool:
        """True where sentinels are asked for the server."""
        return self.scheme.endswith("+sentinel")

    @property
    def encrypted(self) -> bool:
        """True where the server must prove who it is and nobody else reads along."""
        verified = self.options.get("ssl_cert_reqs", "required") == "required"
        named = self.options.get("ssl_check_hostname", "true").lower() not in ("false", "0", "no", "off")
        return self.scheme.startswith("rediss") and verified and named

    @property
    def on_this_machine(self) -> bool:
        """True where no network is between. A sentinel may name a server anywhere."""
        return not self.through_sentinel and all(_is_loopback(host) for host, _port in self.hosts)


def read_redis_address(text: str) -> RedisAddress:
    """Take an address apart; raises ValueError where it cannot be read."""
    parts = urlsplit(text)
    if parts.scheme not in SCHEMES:
        raise ValueError("no address of a Redis server")
    hosts = parts.netloc.rpartition("@")[2]
    if parts.scheme.endswith("+sentinel") and not (hosts and parts.path.strip("/")):
        raise ValueError("sentinels and a service are needed")
    options = dict(parse_qsl(parts.query))
    if parts.scheme.endswith("+sentinel") and not options.keys() <= _OF_SENTINELS:
        raise ValueError("an option that sentinels do not take")
    return RedisAddress(
        parts.scheme,
        tuple(_host_and_port(host) for host in hosts.split(",")) if hosts else (),
        _unquoted(parts.username or options.get("username")),
        _unquoted(parts.password or options.get("password")),
        parts.path.strip("/"),
        options,
    )


def unprotected(text: str) -> str | None:
    """What is wrong with an address at which others on the network could write what our processes read."""
    address = read_redis_address(text)
    if address.on_this_machine:
        return None
    missing = [
        *(() if address.encrypted else ("is not encrypted",)),
        *(() if address.password else ("has no password",)),
    ]
    scheme = "rediss+sentinel" if address.through_sentinel else "rediss"
    return f"{' and '.join(missing)}; give {scheme}://:PASSWORD@HOST" if missing else None


def _host_and_port(text: str) -> tuple[str, int | None]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a host is missing")
    return parts.hostname, parts.port


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _unquoted(text: str | None) -> str | None:
    return unquote(text) if text else None
