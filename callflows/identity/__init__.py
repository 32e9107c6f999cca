"""Whether what a caller said is what a record holds: calibrated evidence, and one decision over all of it."""

from callflows.identity.dates import read_dates
from callflows.identity.decision import decide
from callflows.identity.digits import read_digits
from callflows.identity.evidence import weigh
from callflows.identity.name_evidence import likeness_of_given_name
from callflows.identity.sounds import sound_keys
from callflows.identity.values import ITEMS, Decision, Held, Rule, Said, Weight

__all__ = [
    "ITEMS",
    "Decision",
    "Held",
    "Rule",
    "Said",
    "Weight",
    "decide",
    "likeness_of_given_name",
    "read_dates",
    "read_digits",
    "sound_keys",
    "weigh",
]
