"""The one ancestor of every refusal in this package."""

from __future__ import annotations


class RoutingError(ValueError):
    """A value that routing cannot work with; the text names the value and the mend."""
