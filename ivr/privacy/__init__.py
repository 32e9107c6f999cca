"""Keeping private things private: sealed columns, keyed look-ups, and logs that cannot tell."""

from ivr.privacy.cipher import Keys, PracticeCipher
from ivr.privacy.errors import KeysetMissing, MasterKeyUnusable, PrivacyError, SealBroken
from ivr.privacy.keys import KeyStore, practice_keyset
from ivr.privacy.master import LocalMaster, open_master

__all__ = [
    "KeyStore",
    "Keys",
    "KeysetMissing",
    "LocalMaster",
    "MasterKeyUnusable",
    "PracticeCipher",
    "PrivacyError",
    "SealBroken",
    "open_master",
    "practice_keyset",
]
