from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recordings_vault.encryption import CHUNK, FRAME, HEADER, TAG, Label, new_key, seal, sealed_size, unseal
from recordings_vault.errors import TamperedRecording
from tests.vault.conftest import sound

LABEL = Label("RE1", "maple")
KEY = new_key()
THREE = sound(2 * CHUNK + 700)
LENGTHS = st.integers(0, 3).flatmap(lambda chunks: st.integers(-40, 40).map(lambda off: max(0, chunks * CHUNK + off)))


def sealed(plain: bytes, piece: int = CHUNK, label: Label = LABEL, key: bytes = KEY) -> bytes:
    pieces = (plain[at : at + piece] for at in range(0, len(plain), piece))
    return b"".join(bytes(block) for block in seal(pieces, key, label))


def opened(
    stored: bytes, length: int, start: int = 0, end: int | None = None, label: Label = LABEL, key: bytes = KEY
) -> bytes:
    def fetch(low: int, high: int) -> Iterator[bytes]:
        return (stored[at : min(at + 777_777, high)] for at in range(low, min(high, len(stored)), 777_777))

    return b"".join(unseal(fetch, key, label, length, start, end))


@given(LENGTHS, st.integers(1, 3 * CHUNK))
@example(0, 1)
@example(CHUNK, CHUNK)
@example(2 * CHUNK, CHUNK + 1)
@settings(max_examples=40)
def test_what_was_sealed_opens_whatever_its_length_and_however_it_came(length: int, piece: int) -> None:
    plain = sound(length)
    stored = sealed(plain, max(piece, length // 50 + 1))
    assert len(stored) == sealed_size(length)
    assert opened(stored, length) == plain


STORED_THREE = sealed(THREE)
FRAMES = [STORED_THREE[HEADER + at : HEADER + at + FRAME] for at in range(0, len(STORED_THREE) - HEADER, FRAME)]
HEAD = STORED_THREE[:HEADER]


@given(st.integers(0, len(THREE)), st.integers(0, len(THREE)))
@example(CHUNK, CHUNK)
@example(CHUNK, 2 * CHUNK)
@example(CHUNK - 1, 2 * CHUNK + 1)
@example(0, 0)
def test_any_range_opens_by_itself(one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert opened(STORED_THREE, len(THREE), start, end) == THREE[start:end]


def test_a_range_touches_only_its_own_frames() -> None:
    only_second = HEAD + bytes(FRAME) + FRAMES[1] + bytes(len(FRAMES[2]))
    assert opened(only_second, len(THREE), CHUNK + 5, CHUNK + 50) == THREE[CHUNK + 5 : CHUNK + 50]


@given(st.integers(0, len(STORED_THREE) - 1), st.integers(0, 7))
@example(0, 0)
@example(HEADER - 1, 7)
@example(HEADER, 0)
@example(HEADER + CHUNK, 0)
@example(len(STORED_THREE) - 1, 7)
def test_one_flipped_bit_anywhere_is_noticed(offset: int, bit: int) -> None:
    changed = bytearray(STORED_THREE)
    changed[offset] ^= 1 << bit
    with pytest.raises(TamperedRecording):
        opened(bytes(changed), len(THREE))


@pytest.mark.parametrize("offset", range(HEADER))
def test_every_byte_of_the_header_is_bound(offset: int) -> None:
    changed = bytearray(STORED_THREE)
    changed[offset] ^= 0x80
    with pytest.raises(TamperedRecording):
        opened(bytes(changed), len(THREE))


@given(st.integers(0, len(STORED_THREE) - 1))
@example(HEADER)
@example(HEADER + FRAME)
@example(HEADER + 2 * FRAME)
@example(len(STORED_THREE) - 1)
def test_a_cut_object_is_noticed(length: int) -> None:
    with pytest.raises(TamperedRecording):
        opened(STORED_THREE[:length], len(THREE))


def _cut_after_two(frames: list[bytes]) -> tuple[bytes, int]:
    return frames[0] + frames[1], 2 * CHUNK


def _repeated(frames: list[bytes]) -> tuple[bytes, int]:
    return frames[0] + frames[0] + frames[1] + frames[2], len(THREE) + CHUNK


def _swapped(frames: list[bytes]) -> tuple[bytes, int]:
    return frames[1] + frames[0] + frames[2], len(THREE)


def _last_alone(frames: list[bytes]) -> tuple[bytes, int]:
    return frames[2], 700


def _extended(frames: list[bytes]) -> tuple[bytes, int]:
    return b"".join(frames) + bytes(100), len(THREE) + 100


@pytest.mark.parametrize("change", [_cut_after_two, _repeated, _swapped, _last_alone, _extended])
def test_frames_open_only_in_their_own_place_even_when_the_row_agrees_with_the_change(
    change: Callable[[list[bytes]], tuple[bytes, int]],
) -> None:
    body, length = change(FRAMES)
    with pytest.raises(TamperedRecording):
        opened(HEAD + body, length)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        (Label("RE2", "maple"), KEY),
        (Label("RE1", "cedar"), KEY),
        (Label("RE1m", "aple"), KEY),
        (LABEL, new_key()),
    ],
    ids=["another recording", "another practice", "the border between both moved", "another key"],
)
def test_an_object_opens_only_as_its_own_recording(label: Label, key: bytes) -> None:
    with pytest.raises(TamperedRecording):
        opened(STORED_THREE, len(THREE), label=label, key=key)


def test_a_frame_of_another_object_under_the_same_key_is_noticed() -> None:
    other = sealed(THREE)
    with pytest.raises(TamperedRecording):
        opened(HEAD + FRAMES[0] + other[HEADER + FRAME :], len(THREE))


def test_no_byte_of_a_changed_frame_is_given_out() -> None:
    changed = HEAD + FRAMES[0] + bytes(FRAME) + FRAMES[2]
    given_out = unseal(lambda low, high: [changed[low:high]], KEY, LABEL, len(THREE))
    assert next(given_out) == THREE[:CHUNK]
    with pytest.raises(TamperedRecording):
        next(given_out)


def test_sealing_never_repeats_itself() -> None:
    assert sealed(THREE)[:HEADER] != HEAD


def test_memory_does_not_grow_with_length() -> None:
    piece = bytes(1 << 16)
    tracemalloc.start()
    size = sum(len(block) for block in seal(repeat(piece, 1600), KEY, LABEL))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == HEADER + 1600 * len(piece) + 100 * TAG
    assert peak < 16 << 20


def test_a_frame_stays_as_it_is_while_the_next_is_made() -> None:
    frames = seal(iter([THREE]), KEY, LABEL)
    next(frames)
    first = next(frames)
    before = bytes(first)
    next(frames)
    assert bytes(first) == before
