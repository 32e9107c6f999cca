"""Music for whoever waits."""

from __future__ import annotations

import wave
from io import BytesIO

from ivr.webhooks.twiml.music import LOUDNESS, RATE, SECONDS, waiting_music
from tests.calls.office import Office


def test_the_music_is_as_long_as_it_is_said_to_be_and_never_loud() -> None:
    with wave.open(BytesIO(waiting_music())) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (RATE, 1, RATE * SECONDS)
        frames = sound.readframes(sound.getnframes())
    loudest = max(abs(sample) for sample in memoryview(frames).cast("h"))
    assert 0 < loudest <= 32767 * LOUDNESS


def test_the_music_is_fetched_without_a_signature_and_may_be_kept(office: Office) -> None:
    answer = office.world.app.test_client().get("/audio/waiting.wav")
    assert answer.status_code == 200
    assert answer.content_type == "audio/wav"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
