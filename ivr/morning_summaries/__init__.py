"""The morning summary of a practice: what happened since the last closing, for whoever opens."""
