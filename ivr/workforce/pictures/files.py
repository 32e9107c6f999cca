"""Pictures as files: SVG as it was drawn, PNG for what shows no SVG."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import resvg_py

_FONTS = files("ivr.workforce.pictures") / "fonts"
_FAMILY = "Lato"
_ZOOM = 2.0
"""Pixels for each unit of the drawing: what screens and projectors show sharply, and paper well enough."""


def save(picture: str, svg: Path | None, png: Path | None) -> Iterator[Path]:
    """Write a picture, drawn as SVG, into the files asked for; yields each when it is written."""
    if svg:
        svg.write_text(picture, "utf-8")
        yield svg
    if png:
        png.write_bytes(as_png(picture))
        yield png


def as_png(picture: str) -> bytes:
    """The picture as PNG. The letters are our own, so that it looks the same where no font is installed."""
    with as_file(_FONTS) as folder:
        return resvg_py.svg_to_bytes(
            svg_string=picture,
            zoom=_ZOOM,
            skip_system_fonts=True,
            font_files=[str(folder / f"{_FAMILY}-{weight}.ttf") for weight in ("Regular", "Bold")],
            sans_serif_family=_FAMILY,
        )
