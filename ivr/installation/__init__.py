"""The services of this installation, built from its settings."""
