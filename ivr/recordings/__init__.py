"""Recordings on their way from the phone network into the vault."""
