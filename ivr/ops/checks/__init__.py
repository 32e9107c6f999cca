"""What stands between this installation and patients, each with its mend."""
