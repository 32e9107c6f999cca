"""Recording encryption with a customer's public key (Twilio: Voice recording encryption)."""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from phonesim.options import RecordingKey


@dataclass(frozen=True, slots=True)
class Envelope:
    """A random 256-bit content key, wrapped with RSAES-OAEP (SHA-256, MGF1-SHA-256), and a 12-byte iv."""

    public_key_sid: str
    encrypted_cek: bytes
    cek: bytes
    iv: bytes

    def details(self) -> dict[str, str]:
        """The ``encryption_details`` object."""
        return {
            "public_key_sid": self.public_key_sid,
            "encrypted_cek": b64encode(self.encrypted_cek).decode(),
            "iv": b64encode(self.iv).decode(),
        }

    def as_json(self) -> str:
        """The same as one JSON string, as callbacks carry it."""
        return json.dumps(self.details())

    def ciphertext(self, plain: Iterator[bytes]) -> Iterator[bytes]:
        """AES-256-GCM with the 128-bit tag at the end."""
        encryptor = Cipher(AES(self.cek), GCM(self.iv)).encryptor()
        for piece in plain:
            yield encryptor.update(piece)
        yield encryptor.finalize() + encryptor.tag


def readable(pem: bytes) -> bool:
    """Tell whether this is the PEM of an RSA public key."""
    try:
        return isinstance(load_pem_public_key(pem), RSAPublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False


def seal(key: RecordingKey) -> Envelope:
    """A fresh envelope for one recording; keys come from the system's randomness, never from the seed."""
    public = cast("RSAPublicKey", load_pem_public_key(key.pem))
    cek = os.urandom(32)
    wrapped = public.encrypt(cek, OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None))
    return Envelope(key.sid, wrapped, cek, os.urandom(12))
