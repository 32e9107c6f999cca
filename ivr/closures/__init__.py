"""Closures at once: a practice that cannot open, from now until a stated instant, with words for its callers."""
