"""Music for whoever waits: four soft chords, made here so that nobody owns them."""

from __future__ import annotations

import math
import struct
import wave
from functools import cache
from io import BytesIO

RATE = 8000
"""Samples a second: what a telephone carries."""
CHORD_SECONDS = 1.75
LOUDNESS = 0.1
CHORDS = (
    (261.63, 329.63, 392.00),
    (220.00, 261.63, 329.63),
    (174.61, 220.00, 261.63),
    (196.00, 246.94, 293.66),
)
"""C, A minor, F and G, each in hertz."""
SECONDS = CHORD_SECONDS * len(CHORDS)
"""How long it plays: short enough that words come again within the twenty seconds."""


@cache
def waiting_music() -> bytes:
    """A WAV file: mono, 16 bit, each chord swelling from silence and back to it."""
    samples = [sample for chord in CHORDS for sample in _swelling(chord)]
    held = BytesIO()
    with wave.open(held, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return held.getvalue()


def _swelling(chord: tuple[float, ...]) -> list[int]:
    length = int(RATE * CHORD_SECONDS)
    return [int(32767 * LOUDNESS * math.sin(math.pi * at / length) * _tone(chord, at / RATE)) for at in range(length)]


def _tone(chord: tuple[float, ...], seconds: float) -> float:
    return sum(math.sin(2 * math.pi * hertz * seconds) for hertz in chord) / len(chord)
