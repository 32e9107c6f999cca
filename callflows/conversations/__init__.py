"""Conversations, from the first word to the outcome: one file for each way a leg can go."""
