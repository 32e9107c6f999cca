"""Bringing in the clinician on call: escalations, pages, PINs, transfers."""
