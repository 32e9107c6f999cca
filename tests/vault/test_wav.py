from __future__ import annotations

import io
import struct
import wave
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings_vault.errors import BadValue, TamperedRecording
from recordings_vault.wav import parse_wav
from tests.vault.conftest import AT, Custodian, sound

RATE = 8000


def wav_file(seconds: int, channels: int = 1, width: int = 2) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(RATE)
        file.writeframes(sound(seconds * RATE * channels * width))
    return made.getvalue()


def frames(content: bytes) -> tuple[int, bytes]:
    with wave.open(io.BytesIO(content)) as file:
        return file.getnchannels(), file.readframes(file.getnframes())


@given(st.integers(1, 2), st.sampled_from([1, 2]), st.floats(0, 4), st.floats(0, 4))
def test_any_seconds_are_whole_samples_of_every_channel(channels: int, width: int, one: float, other: float) -> None:
    content = wav_file(3, channels, width)
    wav = parse_wav(content[:4096], len(content))
    start, end = wav.span(*sorted((one, other)))
    assert wav.start <= start <= end <= wav.end
    assert (start - wav.start) % wav.block == (end - start) % wav.block == 0
    part = wav.header(end - start) + content[start:end]
    assert frames(part) == (channels, content[start:end])


def test_the_length_in_seconds_is_that_of_the_sound() -> None:
    content = wav_file(3, 2)
    assert parse_wav(content, len(content)).seconds == 3


def test_other_chunks_before_the_sound_are_passed_over() -> None:
    content = wav_file(1)
    noted = content[:36] + struct.pack("<4sI", b"LIST", 3) + b"abc\0" + content[36:]
    wav = parse_wav(noted, len(noted))
    assert noted[wav.start : wav.end] == content[44:]


def test_a_file_written_while_streaming_ends_where_it_ends() -> None:
    content = wav_file(1)
    streamed = content[:40] + b"\xff\xff\xff\xff" + content[44:]
    assert parse_wav(streamed, len(streamed)).end == len(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"ID3" + bytes(100),
        wav_file(1)[:40],
        wav_file(1)[:12] + struct.pack("<4sI", b"data", 4) + bytes(4),
        wav_file(1)[:20] + struct.pack("<H", 0x55) + wav_file(1)[22:],
        wav_file(1)[:28] + bytes(6) + wav_file(1)[34:],
    ],
    ids=["empty", "short", "mp3", "no sound", "sound before format", "mp3 inside", "rate 0"],
)
def test_what_is_not_steady_wav_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(BadValue, match="play it whole"):
        parse_wav(content, len(content))


@given(st.binary(max_size=200))
def test_a_damaged_header_never_breaks_the_reader(tail: bytes) -> None:
    content = b"RIFF\0\0\0\0WAVE" + tail
    try:
        wav = parse_wav(content, len(content))
    except BadValue:
        return
    assert wav.start <= wav.end <= len(content)


def listen(custodian: Custodian, since: float, until: float, **more: Any) -> bytes:
    played = custodian.vault.open_seconds(
        "RE1", since=since, until=until, actor="ana", purpose="quality review", at=AT, **more
    )
    content = b"".join(played.chunks)
    assert len(content) == played.length
    return content


def test_a_second_in_the_middle_of_a_recording_plays_as_a_file_of_its_own(custodian: Custodian) -> None:
    content = wav_file(200, 2)
    custodian.ingest(content)
    at = 44 + 70 * RATE * 4
    assert frames(listen(custodian, 70, 71)) == (2, content[at : at + RATE * 4])
    assert custodian.vault.custody("RE1")[-1].detail == f"bytes={at}-{at + RATE * 4}"


def test_seconds_of_a_damaged_recording_are_refused_on_the_record(custodian: Custodian) -> None:
    custodian.ingest(wav_file(2))
    path: Path = custodian.object_of()
    path.write_bytes(path.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(TamperedRecording):
        listen(custodian, 0, 1)
    assert custodian.told()[-1] == ("read_denied", "tampered")


def test_seconds_that_are_none_are_refused(custodian: Custodian) -> None:
    custodian.ingest(wav_file(1))
    with pytest.raises(BadValue, match="seconds"):
        listen(custodian, 1, 0.5)
