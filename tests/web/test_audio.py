"""Playing a recording: for few, on the record first, straight from the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audit.tables import audit_row
from ivr.calls.event_tables import event
from recordings_vault.tables import vault_custody
from tests.web.line import Browser, Line, wav

SOUND = wav(3)


@pytest.fixture
def path(line: Line) -> str:
    return f"/recordings/{line.recording(line.ill_caller(), SOUND)}/audio"


@pytest.fixture
def browser(line: Line) -> Browser:
    return line.client("supervisor")


def custody(line: Line) -> list[tuple[str, str, str]]:
    return [(row.actor, row.action, row.outcome) for row in line.rows(vault_custody)]


def test_the_whole_recording_is_what_was_stored(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.data) == (200, SOUND)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "audio/x-wav"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=48000-", 48000, len(SOUND)), ("bytes=-10", len(SOUND) - 10, len(SOUND)),
     ("bytes=5-999999999", 5, len(SOUND)), ("bytes=0-0", 0, 1)],
)  # fmt: skip
def test_a_range_gives_exactly_those_bytes(browser: Browser, path: str, asked: str, start: int, end: int) -> None:
    answer = browser.get(path, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, SOUND[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(SOUND)}"
    assert answer.headers["Content-Length"] == str(end - start)


def test_a_range_beyond_the_end_is_refused_with_the_length(browser: Browser, line: Line, path: str) -> None:
    answer = browser.get(path, headers={"Range": f"bytes={len(SOUND)}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    assert [row[1] for row in custody(line)] == ["stored"]


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "seconds=1-2", "nonsense", "bytes=9-3"])
def test_a_range_that_is_not_understood_is_answered_whole(browser: Browser, path: str, asked: str) -> None:
    answer = browser.get(path, headers={"Range": asked})
    assert (answer.status_code, len(answer.data)) == (200, len(SOUND))


def test_head_tells_the_length_and_plays_nothing(browser: Browser, line: Line, path: str) -> None:
    answer = browser.head(path)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(SOUND))
    assert line.trail()[-1][1:] == ("recording.read", "ok")
    assert [row[1] for row in custody(line)] == ["stored"]


def test_trail_and_custody_are_written_before_the_first_byte(browser: Browser, line: Line, path: str) -> None:
    answer = browser.get(path, buffered=False)
    assert line.trail()[-1] == ("supervisor", "recording.play", "ok")
    assert custody(line)[-1] == ("supervisor", "played", "allowed")
    answer.close()


def test_a_recording_that_was_changed_is_not_played_and_somebody_is_told(
    browser: Browser, line: Line, path: str, tmp_path: Path
) -> None:
    (stored,) = [file for file in (tmp_path / "recordings").rglob("*") if file.is_file()]
    changed = bytearray(stored.read_bytes())
    changed[1000] ^= 1
    stored.write_bytes(changed)
    answer = browser.get(path)
    assert answer.status_code == 409
    assert SOUND[:100] not in answer.data
    assert line.trail()[-1] == ("supervisor", "recording.play", "tampered")
    assert custody(line)[-1] == ("supervisor", "read_denied", "tampered")
    assert [row.data["what"] for row in line.rows(event, kind="alert")] == ["recording-tampered"]


def test_a_destroyed_recording_is_gone_and_its_page_says_so(browser: Browser, line: Line, path: str) -> None:
    recording_id = path.split("/")[2]
    line.services.vault.destroy(
        recording_id, actor="rosa", at=line.clock.now(), reason="wish of the patient", before_retention=True
    )
    assert browser.get(path).status_code == 410
    html = browser.get(f"/recordings/{recording_id}").get_data(as_text=True)
    assert "It was destroyed" in html
    assert "<audio" not in html


def test_a_recording_that_is_not_in_the_vault_yet_is_not_there(browser: Browser, line: Line) -> None:
    message = line.message()
    assert browser.get(f"/recordings/{message.recording_id}/audio").status_code == 404
    assert line.trail()[-1][2] == "unknown"


def test_an_agent_hears_messages_and_no_calls(line: Line, path: str) -> None:
    message = line.message(SOUND)
    agent = line.client("agent")
    assert agent.get(f"/recordings/{message.recording_id}/audio").data == SOUND
    assert agent.get(path).status_code == 403
    assert line.trail()[-1] == ("agent", "page.play-call", "denied")


def test_the_page_of_a_recording_shows_its_custody_and_is_put_on_the_record(
    browser: Browser, path: str, line: Line
) -> None:
    browser.get(path)
    html = browser.get(path.removesuffix("/audio")).get_data(as_text=True)
    assert html.index("stored") < html.index("played")
    assert f'src="{path}"' in html
    assert 'controlslist="nodownload"' in html
    assert line.rows(audit_row)[-1].object_id == path.split("/")[2]


def test_an_administrator_sees_custody_but_no_player(line: Line, path: str) -> None:
    html = line.client("admin").get(path.removesuffix("/audio")).get_data(as_text=True)
    assert "Custody" in html
    assert "<audio" not in html
