"""What callers were told would happen, by when, and that it does; and the messages they left."""
