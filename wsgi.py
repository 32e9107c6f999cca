"""Builds the web application from the environment; nothing else."""

import os

from ivr.app import create_app
from ivr.core.private_files import keep_private
from ivr.core.settings import read_settings

keep_private()
app = create_app(read_settings(os.environ))
