"""How requests get in: whole, within a time, each on a lane of its kind, so that nobody can hold up the calls."""
