"""Thousands of calls through the real application in virtual time: ``sunline simulate``."""
