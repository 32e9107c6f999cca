"""Why something could not be measured."""

from __future__ import annotations


class CannotMeasure(Exception):
    """The measure gives no figures; the text says what went wrong."""
