"""Measurements. Each module with a ``measure`` yields rows: ours, against a ceiling or a peer, in one run."""
