"""Professional callers of listed organisations: their codes, and the call-back to the listed number."""
