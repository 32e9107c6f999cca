"""Which store an address names: a local folder, or S3, Google Cloud Storage or Azure Blob Storage."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from recordings_vault.errors import BadValue
from recordings_vault.local_store import LocalStore
from recordings_vault.remote_store import open_remote
from recordings_vault.store import Store


def open_store(url: str) -> Store:
    """The store a URL names: a folder (``/srv/recordings``, ``file:///srv/recordings``), ``s3://bucket/prefix``,
    ``gs://bucket/prefix`` or ``az://account/container/prefix``. Credentials come from the environment of the
    provider, never from the URL, so that the URL may be logged."""
    parts = urlsplit(url)
    if parts.scheme == "":
        return LocalStore(Path(url))
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return LocalStore(Path(unquote(parts.path)))
    if parts.scheme in ("s3", "gs", "az") and parts.netloc and "@" not in parts.netloc and not parts.query:
        return open_remote(url)
    raise BadValue(
        "storage URL: give a folder, file:///folder, s3://bucket/prefix, gs://... or az://..., no credentials"
    )
