"""Agents who prove, in the middle of a talk, who is calling: by a code, and by a checklist."""
