"""Builds the web application from the environment; nothing else."""

import os

from ivr.app import create_app
from ivr.core.settings import read_settings

app = create_app(read_settings(os.environ))
