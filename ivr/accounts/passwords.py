"""Passwords: Argon2id hashes, and what a password must be (NIST SP 800-63B-4, 3.1.1: length, not composition).

Whether people choose it often, zxcvbn tells, by lists of common passwords, names and words and by how it is made.
"""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from ivr.accounts.roles import ROLES

SHORTEST = 15
LONGEST = 128
HARDEST = 4
"""The score of zxcvbn for what takes ten thousand million guesses or more, of 0 to 4."""
OF_THIS_PLACE = ("sunline", "clinic", "practice", "telephone", "healthcare", "correcthorsebatterystaple", *ROLES)
"""Words that whoever guesses here tries first (OWASP ASVS 6.1.2), beside the name of the account."""
_ENOUGH = 72
"""Characters that are looked at: more of them make nothing easier to guess."""
_hasher = PasswordHasher()
# The hash of a password that was thrown away.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$7oYBYeSuBmpSyQ6i7kxXkw$dvA3iMJuTssbySKsTYWr2kXmtIFWme1+Wko+023jNS8"


class UnfitPassword(ValueError):
    """The password is too short, too long, or too easy to guess. The text never repeats it."""


def check_password(password: str, name: str) -> None:
    """Raise UnfitPassword unless it has 15 to 128 characters, not the account's name, and cannot soon be guessed."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise UnfitPassword(f"a password has {SHORTEST} to {LONGEST} characters; several words in a row do well")
    if name.casefold() in plain.casefold():
        raise UnfitPassword("this password is too easy to guess; leave your name out")
    if _is_guessed_soon(plain, name):
        raise UnfitPassword("this password is too easy to guess; choose several words that nobody else puts in a row")


def hash_password(password: str) -> str:
    """Return what is stored instead of the password."""
    return _hasher.hash(_normal(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether the password is right. Without a hash the answer takes as long and is always no."""
    try:
        return _hasher.verify(password_hash or _NOBODY, _normal(password)[:LONGEST]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def _is_guessed_soon(password: str, name: str) -> bool:
    """Also without its spaces, between which "pass word pass word" looks like four words."""
    known = [name, *OF_THIS_PLACE]
    forms = {password[:_ENOUGH], "".join(password.split())[:_ENOUGH]} - {""}
    return any(zxcvbn(form, user_inputs=known)["score"] < HARDEST for form in forms)


def generate_password() -> str:
    """Return a random password of 120 bits."""
    return secrets.token_urlsafe(15)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
