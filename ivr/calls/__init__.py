"""Calls, their legs and their logs: the state of every conversation."""
