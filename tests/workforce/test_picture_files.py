"""Pictures as files."""

from __future__ import annotations

import struct
from pathlib import Path

from ivr.workforce.pictures.files import as_png, save
from ivr.workforce.pictures.svg import picture, rectangle, text


def drawn(*shapes: str) -> str:
    return picture((120, 30), "A picture", "Of nothing", shapes)


def test_a_png_is_twice_as_large_as_it_was_drawn() -> None:
    png = as_png(drawn())
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (240, 60)


def test_words_are_readable_in_both_weights_with_no_font_of_the_machine() -> None:
    plain, bold = text((5, 20), "Añasco"), text((5, 20), "Añasco", font_weight="bold")
    assert len({as_png(drawn()), as_png(drawn(plain)), as_png(drawn(bold))}) == 3


def test_letters_of_spanish_are_in_the_font() -> None:
    missing = as_png(drawn(text((5, 20), "\U00010348")))
    assert all(as_png(drawn(text((5, 20), letter))) != missing for letter in "áéíóúüñ¿¡")


def test_a_picture_goes_into_the_files_asked_for_and_no_others(tmp_path: Path) -> None:
    shown = drawn(rectangle((0, 0), (10, 10), "#d55e00"))
    svg, png = tmp_path / "one.svg", tmp_path / "one.png"
    assert list(save(shown, svg, None)) == [svg]
    assert (svg.read_text("utf-8"), png.exists()) == (shown, False)
    assert list(save(shown, svg, png)) == [svg, png]
    assert png.read_bytes() == as_png(shown)
