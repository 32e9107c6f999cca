"""The demo: every process of an installation on this machine, two scripted calls, then the pages."""
