"""The phrases that page at once, read from the files of protocols."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ivr.directory.problems import DirectoryError
from ivr.directory.schema import ProtocolFile
from ivr.directory.schema.protocol import phrases_of
from ivr.directory.signing import read_protocol


class NoPhrases(DirectoryError):
    """A folder holds no protocol with phrases that raise to an emergency; the text names the mend."""


def read_emergent_phrases(folder: Path) -> tuple[str, ...]:
    """The phrases of all protocols in ``folder``, in every language, that raise to an emergency.

    Raises NoPhrases, and ConfigurationError, which names what is wrong with a protocol.
    """
    files = (read_protocol(path)[1] for path in sorted(folder.glob("*.yaml")))
    found = tuple(dict.fromkeys(phrase for file in files for phrase in _phrases(file)))
    if not found:
        raise NoPhrases(f"{folder} holds no protocol with phrases; name the folder of protocols")
    return found


def _phrases(file: ProtocolFile) -> Iterator[str]:
    for one in file.listened:
        if one.raises_to == "emergent":
            yield from phrases_of(one)
