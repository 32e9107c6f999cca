"""Patients: kept sealed, found by keyed hashes, imported from the practice's own system."""
