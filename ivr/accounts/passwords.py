"""Passwords: Argon2id hashes, and what a password must be (NIST SP 800-63B-4, 3.1.1: length, not composition)."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 15
LONGEST = 128
_hasher = PasswordHasher()
# The hash of a password that was thrown away.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$7oYBYeSuBmpSyQ6i7kxXkw$dvA3iMJuTssbySKsTYWr2kXmtIFWme1+Wko+023jNS8"


class UnfitPassword(ValueError):
    """The password is too short, too long, or too easy to guess. The text never repeats it."""


def check_password(password: str, name: str) -> None:
    """Raise UnfitPassword unless it has 15 to 128 characters, not the account's name, and not few ones repeated."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise UnfitPassword(f"a password has {SHORTEST} to {LONGEST} characters; several words in a row do well")
    if name.casefold() in plain.casefold() or len(set(plain)) < 5:
        raise UnfitPassword("this password is too easy to guess; leave your name out and mix more characters")


def hash_password(password: str) -> str:
    """Return what is stored instead of the password."""
    return _hasher.hash(_normal(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether the password is right. Without a hash the answer takes as long and is always no."""
    try:
        return _hasher.verify(password_hash or _NOBODY, _normal(password)[:LONGEST]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def generate_password() -> str:
    """Return a random password of 120 bits."""
    return secrets.token_urlsafe(15)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
