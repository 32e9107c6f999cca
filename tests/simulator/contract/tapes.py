"""Words shared by the tests of recordings."""

from __future__ import annotations

import io
import wave
from typing import Any

from phonesim import Line
from tests.simulator.stage import BASE, Stage

LONG = "<Say>hello</Say><Pause length='600'/>"
DOCTOR = "+13125550181"


def started(stage: Stage, **how: Any) -> tuple[Line, Any]:
    """A call in progress that is recorded over REST, with a callback to /rec."""
    line = stage.call(LONG)
    return line, stage.twilio.calls(line.call_sid).recordings.create(recording_status_callback=f"{BASE}/rec", **how)


def ended(stage: Stage, line: Line, after: float = 2.0) -> None:
    """The caller hangs up after that many seconds, and the recording is ready."""
    stage.net.advance(after)
    line.hang_up()
    stage.net.advance(5)


def opened(body: bytes) -> tuple[int, float, bytes]:
    """Channels, seconds and samples of a WAV file."""
    with wave.open(io.BytesIO(body)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        return file.getnchannels(), file.getnframes() / 8000, file.readframes(file.getnframes())


def media(stage: Stage, sid: str, ending: str = "") -> bytes:
    """The stored file."""
    reply = stage.rest("GET", f"/Recordings/{sid}{ending}")
    assert reply.status_code == 200
    return bytes(reply.get_data())
