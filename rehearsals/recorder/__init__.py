"""A call made by hand, turned into a rehearsal."""
