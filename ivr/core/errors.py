"""What is refused with words for whoever asked."""

from __future__ import annotations


class Refusal(Exception):
    """Something cannot be done; the text says what and how to mend it, in one line and without a secret."""
