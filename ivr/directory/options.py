"""What several commands of the directory ask for in the same words."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.directory.instants import InstantType

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
PICTURE_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
svg_option = click.option("--svg", type=PICTURE_FILE, help="Draw it into this file, as SVG.")
png_option = click.option("--png", type=PICTURE_FILE, help="Draw it into this file, as PNG.")
at_option = click.option("--at", type=InstantType(), help="Judge as of this instant; default: now.")
