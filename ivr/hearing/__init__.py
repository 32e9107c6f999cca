"""The ear: what callers' words hold of emergencies, symptoms and wishes to the office. Nothing leaves the process."""

import os

# Read once, when numpy is first imported: several threads of its library fight over few cores, and are slower than one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
