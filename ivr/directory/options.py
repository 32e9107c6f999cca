"""What several commands of the directory ask for in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ivr.core.instants import InstantType
from ivr.directory.us_states import state_code


class PictureFile(click.Path):
    """A file that can be written when its picture has been drawn, which takes a while."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        file: Path = super().convert(value, param, ctx)  # type: ignore[assignment]
        if not file.parent.is_dir():
            self.fail(f"there is no folder {str(file.parent)!r}; make it first", param, ctx)
        return file


class State(click.ParamType[str]):
    """A state of the United States, by its letters or its name."""

    name = "state"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return state_code(str(value)) or self.fail(
            f"{value!r} is not a state; write two letters, such as TX", param, ctx
        )


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
DAYS = click.IntRange(1, 366)
svg_option = click.option("--svg", type=PictureFile(), metavar="FILE", help="Draw it into this file, as SVG.")
png_option = click.option("--png", type=PictureFile(), metavar="FILE", help="Draw it into this file, as PNG.")
at_option = click.option("--at", type=InstantType(), help="Judge as of this instant, such as 2026-11-22; default: now.")
