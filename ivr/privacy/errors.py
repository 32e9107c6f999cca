"""What can go wrong with keys. No message ever holds a value, a key or a ciphertext."""

from __future__ import annotations

from ivr.core.errors import Refusal


class PrivacyError(Refusal):
    """Any failure of sealing, opening or key keeping."""


class MasterKeyUnusable(PrivacyError):
    """The master key cannot be opened as configured."""


class KeysetMissing(PrivacyError):
    """The practice has no keyset yet."""


class SealBroken(PrivacyError):
    """A sealed value was altered, moved to another field or practice, or its key is gone."""
