"""The ``vault`` commands: custody of recordings from the keyboard."""
