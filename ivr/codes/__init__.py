"""One-time codes, texted to the number on file of a patient who was matched."""
