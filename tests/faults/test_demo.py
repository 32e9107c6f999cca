"""The demo, as a visitor runs it: real processes, real HTTP, a clock that runs fast."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsals.demo.command import NIGHT
from rehearsals.demo.installation import installed
from routing.zones import to_utc

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LONGEST_SECONDS = 600
"""After which the test gives up; the demo itself takes well under a minute."""

pytestmark = pytest.mark.faults


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo(*options: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "DEMO_EXIT": "1"}
    command = [sys.executable, "-c", "from ivr.cli import main; main()", "demo", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS)


def test_its_clock_is_set_before_any_process_can_look_at_it(tmp_path: Path) -> None:
    start = to_utc(NIGHT, "America/Chicago")
    with installed(free_port(), free_port(), start, ROOT / "config", tmp_path / "demo") as made:
        assert start <= made.services.clock.now() < start + timedelta(hours=1)
        made.services.database.dispose()


def test_both_calls_are_shown_and_their_recordings_are_in_the_vault() -> None:
    network = free_port()
    done = demo("--port", str(free_port()), "--network-port", str(network))

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"The phones: http://127.0.0.1:{network}/desk" in done.stdout.partition("First call")[0]
    first, _, second = done.stdout.partition("Second call.")
    assert "offered to ana because pool manila is awake (15:" in first
    assert "ana joins the conversation" in first
    told, _, vault = second.partition("The recordings in the vault")
    phones = [
        told.index(line)
        for line in (
            'the second caller hears "This may be an emergency. Please hang up and dial 911 now.',
            "dr-okafor's phone rings",
            "I am still with you",
            "dr-lee's phone rings",
            "dr-lee joins the conversation",
        )
    ]
    assert phones == sorted(phones)
    assert "paged dr-okafor because on call" in told
    assert "paged dr-lee because next on call" in told
    assert "dr-lee accepted responsibility" in told
    assert "ended: with a clinician" in told
    assert "promised" not in told
    assert vault.count("2 channels  stored") == 2
    the_data_are_looked_at_as_the_demo_and_the_readme_say(vault)


def the_data_are_looked_at_as_the_demo_and_the_readme_say(told: str) -> None:
    printed = [line for line in told.splitlines() if re.match(r"  (export|sunline) ", line)]
    looked = shell("\n".join(printed))
    assert "offered to ana" in looked
    assert "Complaint: my chest feels tight and my arm hurts" in looked
    assert "2 recordings" in looked
    (call,) = re.findall(r"sunline record (\w+)", told)
    (block,) = (found for found in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "SUNLINE_DATA_DIR" in found)
    again = shell(block.replace(". .venv/bin/activate\n", "").replace("CALL ", f"{call} "))
    assert "Complaint: my chest feels tight and my arm hurts" in again
    assert "call.caller_sealed: 2 values, 2 to be sealed anew, 0 broken" in again


def shell(script: str) -> str:
    """What a shell prints that knows nothing of this installation but what ``script`` sets."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLINE_", "TWILIO_"))}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT, env=kept | {"PATH": path, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_port_in_use_is_said_in_a_clear_word() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo("--port", str(port))

    assert done.returncode == 1
    assert f"port {port} is in use by another program; end that program, or choose another port" in done.stderr
