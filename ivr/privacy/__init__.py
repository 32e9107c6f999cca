"""Keeping private things private: sealed columns, keyed look-ups, and logs that cannot tell."""
