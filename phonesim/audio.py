"""Deterministic sound: WAV, PCM 8 kHz 16-bit, one tone pattern per speaker."""

import math
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import accumulate, pairwise
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


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some seconds in which the same speakers sound; one tuple of speakers for each channel, none is silence."""

    seconds: float
    channels: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=256)
def mixed(speakers: tuple[str, ...]) -> "array[int]":
    """One second of one channel: all its speakers at once, each as loud as the others."""
    if len(speakers) < 2:
        return tone(speakers[0]) if speakers else SILENCE
    share = len(speakers)
    return array("h", (sum(samples) // share for samples in zip(*map(tone, speakers), strict=True)))


def render(stretches: Sequence[Stretch]) -> Iterator[bytes]:
    """A WAV file piece by piece, at most a second each."""
    edges = [frames(total) for total in accumulate((one.seconds for one in stretches), initial=0.0)]
    channels = len(stretches[0].channels) if stretches else 1
    yield header(edges[-1], channels)
    for (start, end), stretch in zip(pairwise(edges), stretches, strict=True):
        whole = interleaved([mixed(speakers) for speakers in stretch.channels])
        for _ in range((end - start) // RATE):
            yield whole
        yield whole[: ((end - start) % RATE) * channels * 2]
