"""``python -m migrations "what it does"`` writes a new migration from the difference to the tables."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script

from ivr.ops.schema import configuration, upgrade


def main(arguments: list[str]) -> int:
    """Compare an empty database that went through every migration with the tables; write what is missing."""
    message = " ".join(arguments).strip()
    if not message:
        print('say what the migration does: make migration m="add the language of a message"', file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.db'}"
        upgrade(url)
        written = command.revision(configuration(url), message=message, autogenerate=True)
    assert isinstance(written, Script)
    for tidy in (["format", "--quiet"], ["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, written.path], check=True)
    print(f"{written.path}: read it, then run the tests")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
