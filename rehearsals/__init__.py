"""Scripted calls in virtual time: run as tests, read as documentation."""
