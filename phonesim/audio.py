"""Deterministic sound: WAV, PCM 8 kHz 16-bit, one tone pattern per speaker."""

import math
import wave
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from struct import pack

RATE = 8000


def wav_seconds(body: bytes) -> float | None:
    """The length of a PCM WAV file, or None when it is not one."""
    try:
        with wave.open(BytesIO(body)) as file:
            frames, rate = int(file.getnframes()), int(file.getframerate())
            return frames / rate
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


@lru_cache(maxsize=256)
def tone(speaker: str) -> "array[int]":
    """One second of a speaker's sound: three notes chosen by the name, with a gap after each."""
    seed = sha256(speaker.encode()).digest()
    notes = [300 + 5 * byte for byte in seed[:3]]
    samples = array("h", bytes(2 * RATE))
    for start, note in zip((0, 2700, 5400), notes, strict=True):
        for index in range(2000):
            samples[start + index] = int(9000 * math.sin(2 * math.pi * note * index / RATE))
    return samples


SILENCE = array("h", bytes(2 * RATE))


def header(frames: int, channels: int) -> bytes:
    """The 44 bytes before the samples of a PCM WAV file."""
    size, block = frames * channels * 2, channels * 2
    form = pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, RATE, RATE * block, block, 16)
    return pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + pack("<4sI", b"data", size)


def interleaved(tracks: "Sequence[array[int]]") -> bytes:
    """Samples of several channels as WAV frames; all of one length."""
    if len(tracks) == 1:
        return tracks[0].tobytes()
    frames = array("h", bytes(2 * len(tracks) * len(tracks[0])))
    for index, track in enumerate(tracks):
        frames[index :: len(tracks)] = track
    return frames.tobytes()


def frames(seconds: float) -> int:
    """Whole frames in a stretch of time."""
    return round(seconds * RATE)


def render(stretches: Sequence[tuple[float, Sequence[str]]]) -> Iterator[bytes]:
    """A WAV file piece by piece, at most a second each.

    A stretch is its seconds and, per channel, the speaker heard there ("" is silence).
    """
    edges = [0]
    total = 0.0
    for seconds, _ in stretches:
        total += seconds
        edges.append(frames(total))
    channels = len(stretches[0][1]) if stretches else 1
    yield header(edges[-1], channels)
    for (start, end), (_, speakers) in zip(pairwise(edges), stretches, strict=True):
        tracks = [tone(name) if name else SILENCE for name in speakers]
        whole = interleaved(tracks)
        for _ in range((end - start) // RATE):
            yield whole
        yield whole[: ((end - start) % RATE) * channels * 2]
