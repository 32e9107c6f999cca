"""The directory: who the operator, practices, agents, clinicians and patients are."""
