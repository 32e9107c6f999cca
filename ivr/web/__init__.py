"""The pages of supervisors, compliance officers, administrators and agents."""
