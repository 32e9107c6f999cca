"""How a conversation is played over its log, and how that log is written and read."""
