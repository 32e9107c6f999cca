"""Any second of a WAV file: which bytes it is, and a header that makes those bytes a WAV file of their own.

RIFF/WAVE with a fixed number of bytes a second: PCM (1), A-law (6), mu-law (7).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from recordings_vault.errors import BadValue

HEAD = 4096
"""How many bytes from the beginning :func:`parse_wav` needs at most."""

_STEADY = (1, 6, 7)


@dataclass(frozen=True, slots=True)
class Wav:
    """Where the sound of a WAV file lies. All but ``rate`` (bytes a second) are in bytes; a block holds one sample
    of every channel."""

    start: int
    end: int
    rate: int
    block: int
    format: bytes

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return (self.end - self.start) / self.rate

    def span(self, since: float, until: float) -> tuple[int, int]:
        """The bytes of the file that sound from second ``since`` up to second ``until``, in whole blocks."""
        if not 0 <= since <= until:
            raise BadValue("seconds: begin at 0 or later and end no earlier than that")
        return self._byte(since), self._byte(until)

    def header(self, length: int) -> bytes:
        """The header of a WAV file of the same kind with ``length`` bytes of sound."""
        sound = struct.pack("<4sI", b"data", length)
        described = struct.pack("<4sI", b"fmt ", len(self.format)) + self.format
        return struct.pack("<4sI4s", b"RIFF", 4 + len(described) + len(sound) + length, b"WAVE") + described + sound

    def _byte(self, second: float) -> int:
        return min(self.start + int(second * self.rate) // self.block * self.block, self.end)


def parse_wav(head: bytes, length: int) -> Wav:
    """Read the beginning (``HEAD`` bytes suffice) of a file of ``length`` bytes.

    A data chunk that claims more than the file holds, as in files written while streaming, ends with the file.
    """
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise BadValue("recording: not a WAV file; play it whole")
    place, described = 12, b""
    while place + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, place)
        place += 8
        if name == b"data" and described:
            return _wav(described, place, min(place + size, length))
        if name == b"fmt ":
            described = head[place : place + size]
        place += size + size % 2
    raise BadValue("recording: a WAV file without sound; play it whole")


def _wav(described: bytes, start: int, end: int) -> Wav:
    if len(described) < 16:
        raise BadValue("recording: a WAV file with a damaged header; play it whole")
    kind, _, _, rate, block = struct.unpack_from("<HHIIH", described)
    if kind not in _STEADY or not rate or not block:
        raise BadValue("recording: a WAV file without a fixed number of bytes a second; play it whole")
    return Wav(start, end - (end - start) % block, rate, block, described)
