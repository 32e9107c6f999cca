"""What callers would meet: the real rules of routing, played over calls and people that are plain values."""
