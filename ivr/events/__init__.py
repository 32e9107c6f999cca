"""What happened, for reports: every event a figure will need, from the first call on."""
