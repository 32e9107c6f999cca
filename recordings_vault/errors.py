"""What can go wrong, one class a cause. Messages carry opaque ids and the mend, never content.

``outcome`` is the word written into the custody record when the cause refuses an action.
"""

from __future__ import annotations

from typing import ClassVar


class VaultError(Exception):
    """Anything the vault refuses or cannot do."""

    outcome: ClassVar[str] = "failed"


class BadValue(VaultError):
    """A caller of the vault gave a value it does not take: an id, a range, a rule, a URL."""

    outcome: ClassVar[str] = "bad_value"


class UnknownRecording(VaultError):
    """The vault holds no recording with this id, and never did."""

    outcome: ClassVar[str] = "unknown"


class RecordingDestroyed(VaultError):
    """The recording was destroyed; its custody record remains."""

    outcome: ClassVar[str] = "destroyed"


class RecordingConflict(VaultError):
    """The id is already in use for other content or another practice."""

    outcome: ClassVar[str] = "conflict"


class IncompleteRecording(VaultError):
    """Fewer or more bytes arrived than were announced; nothing was kept."""

    outcome: ClassVar[str] = "incomplete"


class TamperedRecording(VaultError):
    """Stored bytes, the stored hash or the custody chain are not what the vault wrote."""

    outcome: ClassVar[str] = "tampered"


class AccessRefused(VaultError):
    """The recording belongs to another practice than the one asked for."""

    outcome: ClassVar[str] = "wrong_practice"


class DestructionRefused(VaultError):
    """Legal hold or the retention rule forbids destruction; ``reasons`` says which."""

    outcome: ClassVar[str] = "refused"

    def __init__(self, subject: str, reasons: tuple[str, ...]) -> None:
        super().__init__(f"{subject} must be kept: {'; '.join(reasons)}")
        self.reasons = reasons


class KeyMissing(VaultError):
    """No key where one is needed: it was never created, or was shredded."""

    outcome: ClassVar[str] = "key_missing"


class KeyRefused(VaultError):
    """A key is there but does not open what it was asked to open."""

    outcome: ClassVar[str] = "key_refused"


class StoreError(VaultError):
    """The object store did not do what it was asked."""

    outcome: ClassVar[str] = "store_failed"


class ObjectMissing(StoreError):
    """The object store has no object of this name."""

    outcome: ClassVar[str] = "missing"
