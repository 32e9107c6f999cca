"""The master key: it wraps the keysets of the practices and touches nothing else.

Either a key management service, where the key never leaves the service, or a file for runs that are
embedded in one machine (Tink: "Key management", "Envelope encryption").
"""

from __future__ import annotations

import os
import stat
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import tink
from tink import aead, json_proto_keyset_format, secret_key_access

from ivr.core.private_files import make_folder
from ivr.privacy.errors import MasterKeyUnusable

aead.register()

_SERVICES = {
    "gcp-kms://": ("tink.integration.gcpkms", "GcpKmsClient", "tink[gcpkms]"),
    "aws-kms://": ("tink.integration.awskms", "AwsKmsClient", "tink[awskms]"),
}


class Aead(Protocol):
    """Authenticated encryption with associated data; both methods raise on failure."""

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes: ...


class LocalMaster:
    """A master key in a file that only its owner may read (mode 0600).

    The file is made only when ``create`` is true, so that a wrong path never silently starts a new key
    under which nothing stored before can be read.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if create and not path.exists():
            _write_new_key(path)
        self._aead = _read_key(path)

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        return self._aead.encrypt(plaintext, associated_data)

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        return self._aead.decrypt(ciphertext, associated_data)


def open_master(setting: str, *, create: bool = False) -> Aead:
    """The master key named by ``file:PATH``, ``gcp-kms://KEY`` or ``aws-kms://KEY``."""
    if setting.startswith("file:") and len(setting) > len("file:"):
        return LocalMaster(Path(setting.removeprefix("file:")), create=create)
    for prefix, (module, client, extra) in _SERVICES.items():
        if setting.startswith(prefix):
            return _service_master(setting, module, client, extra)
    raise MasterKeyUnusable("the master key setting is not understood; give file:PATH, gcp-kms://KEY or aws-kms://KEY")


def _service_master(uri: str, module: str, client: str, extra: str) -> Aead:
    try:
        service = import_module(module)
    except ImportError as missing:
        raise MasterKeyUnusable(f"this key service needs an extra library; install {extra}") from missing
    try:
        return cast(Aead, getattr(service, client)(uri, None).get_aead(uri))
    except Exception as refused:
        kind = type(refused).__name__
        raise MasterKeyUnusable(f"the key service refused ({kind}); check the key name and credentials") from refused


def _write_new_key(path: Path) -> None:
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    text = json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    make_folder(path.parent)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _publish(draft, path)
    finally:
        os.unlink(draft)


def _publish(draft: str, path: Path) -> None:
    # A link fails where the name is taken, so of two processes starting at once one key wins for both.
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_key(path: Path) -> Aead:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as refused:
        mend = "restore it or correct the path; the first one is made with: sunline key new"
        raise MasterKeyUnusable(f"master key file {path} cannot be read; {mend}") from refused
    if mode & 0o077:
        raise MasterKeyUnusable(f"master key file {path} is open to others (mode {mode:04o}); run: chmod 600 {path}")
    try:
        handle = json_proto_keyset_format.parse(text, secret_key_access.TOKEN)
        return cast(Aead, handle.primitive(aead.Aead))
    except (tink.TinkError, ValueError):
        raise MasterKeyUnusable(f"master key file {path} is damaged; restore it from its backup") from None
