"""Whether what a caller said is what a record holds: calibrated evidence, and one decision over all of it."""

from callflows.identity.dates import read_dates
from callflows.identity.decision import Standing, choose, decide, find_standing, read_said
from callflows.identity.digits import read_digits
from callflows.identity.evidence import weigh
from callflows.identity.sounds import sound_keys
from callflows.identity.values import ITEMS, Decision, Held, Rule, Said, Weight

__all__ = [
    "ITEMS",
    "Decision",
    "Held",
    "Rule",
    "Said",
    "Standing",
    "Weight",
    "choose",
    "decide",
    "find_standing",
    "read_dates",
    "read_digits",
    "read_said",
    "sound_keys",
    "weigh",
]
