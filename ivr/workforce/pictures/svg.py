"""The few shapes that our pictures are made of.

Attributes stand for styles throughout, because the pages allow no style that is not a file of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

INK, QUIET, PAPER = "#1b1b1b", "#595959", "#ffffff"
"""Text, lesser text (contrast 7:1 on paper), and what is behind."""

BLUE, ORANGE, VERMILION, GREEN = "#0072b2", "#e69f00", "#d55e00", "#009e73"
"""Told apart by people who do not see all colours (Okabe and Ito, 2008, "Color universal design")."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"


def element(tag: str, content: str = "", **attributes: object) -> str:
    """One element; ``content`` is markup already. Underscores in names become hyphens: ``text_anchor``."""
    given = "".join(f' {name.rstrip("_").replace("_", "-")}="{_value(one)}"' for name, one in attributes.items())
    return f"<{tag}{given}>{content}</{tag}>" if content else f"<{tag}{given}/>"


def text(at: tuple[float, float], words: str, **attributes: object) -> str:
    """Words whose baseline begins at a point; ``text_anchor`` moves them."""
    return element("text", escape(words), x=at[0], y=at[1], **{"fill": INK, "font_size": 12, **attributes})


def rectangle(corner: tuple[float, float], size: tuple[float, float], fill: str, told: str = "") -> str:
    """A filled rectangle; ``told`` shows when the pointer rests on it, and is read out."""
    content = element("title", escape(told)) if told else ""
    return element("rect", content, x=corner[0], y=corner[1], width=size[0], height=size[1], fill=fill)


def line(start: tuple[float, float], end: tuple[float, float], stroke: str = "#d9d9d9", width: float = 1) -> str:
    """A straight line."""
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=stroke, stroke_width=width)


def picture(size: tuple[float, float], title: str, description: str, shapes: Iterable[str]) -> str:
    """A whole picture, with what it is called and what it shows for those who do not see it."""
    named = element("title", escape(title), id="title") + element("desc", escape(description), id="desc")
    body = rectangle((0, 0), size, PAPER) + "".join(shapes)
    return element(
        "svg",
        named + body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {size[0]:g} {size[1]:g}",
        width=f"{size[0]:g}",
        height=f"{size[1]:g}",
        role="img",
        aria_labelledby="title desc",
        font_family=FONT,
    )


def _value(given: object) -> str:
    return f"{round(given, 2):g}" if isinstance(given, float) else escape(str(given))
