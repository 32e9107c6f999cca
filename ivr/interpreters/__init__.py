"""Interpreters over the telephone, the third party of a talk between a caller and somebody without their language."""
