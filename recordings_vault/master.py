"""The master key: it encrypts the practices' keysets and nothing else."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import tink
from tink import aead, json_proto_keyset_format, secret_key_access

from recordings_vault.errors import BadValue, KeyMissing, KeyRefused

aead.register()

_MEND = "keep it 0600 and owned by the user that runs the vault"


def create_master(path: Path) -> None:
    """Write a new master key file (a Tink keyset, mode 0600). Refuses to touch a file that exists.

    For installations without a key management service. Whoever has this file and the database can open every
    recording: back it up apart from both.
    """
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    text = json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KeyRefused(f"master key file: not created ({os.strerror(error.errno or 0)}); name a new file") from None
    with os.fdopen(opened, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def open_master(where: str) -> aead.Aead:
    """The master key at ``where``: a key file (path or ``file://``), ``aws-kms://...`` or ``gcp-kms://...``.

    A key management service needs Tink's extra of that name (``tink[awskms]``, ``tink[gcpkms]``) installed and
    takes credentials from the provider's own environment.
    """
    parts = urlsplit(where)
    if parts.scheme in ("aws-kms", "gcp-kms"):
        return _from_service(parts.scheme, where)
    if parts.scheme not in ("", "file"):
        raise BadValue("master key: give a file, aws-kms://... or gcp-kms://...")
    return _from_file(Path(unquote(parts.path) if parts.scheme else where))


def _from_service(scheme: str, uri: str) -> aead.Aead:
    try:
        return _client(scheme, uri).get_aead(uri)
    except ImportError:
        extra = scheme.replace("-", "")
        raise KeyMissing(f"master key: {scheme} needs the package tink[{extra}]; install it") from None
    except Exception as error:
        raise KeyRefused(f"master key: {scheme} is not usable ({type(error).__name__}); check URI and rights") from None


def _client(scheme: str, uri: str) -> Any:
    if scheme == "aws-kms":
        from tink.integration import awskms

        return awskms.AwsKmsClient(uri, None)
    from tink.integration import gcpkms

    return gcpkms.GcpKmsClient(uri, None)


def _from_file(path: Path) -> aead.Aead:
    try:
        handle = json_proto_keyset_format.parse(_private_text(path), secret_key_access.TOKEN)
        return cast(aead.Aead, handle.primitive(aead.Aead))
    except tink.TinkError:
        raise KeyRefused("master key file: not a Tink keyset for AEAD; restore it from its backup") from None


def _private_text(path: Path) -> str:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeyMissing("master key file: not there; create it once, or restore it from its backup") from None
    except OSError as error:
        raise KeyRefused(f"master key file: cannot be read ({os.strerror(error.errno or 0)}); {_MEND}") from None
    with os.fdopen(opened) as file:
        found = os.fstat(opened)
        if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
            raise KeyRefused(f"master key file: others may read it, or it is not yours; {_MEND}")
        return file.read()
