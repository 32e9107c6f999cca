"""Load: many scripted callers and agents at once, from a plan, with results as a table and as CSV."""

from phonesim.load.arrivals import arrival_times
from phonesim.load.plan import Plan
from phonesim.load.population import Population
from phonesim.load.reading import read_plan
from phonesim.load.results import Summary, summarise, table, write_calls, write_summary
from phonesim.load.stepped import LegTime, Stepped

__all__ = [
    "LegTime",
    "Plan",
    "Population",
    "Stepped",
    "Summary",
    "arrival_times",
    "read_plan",
    "summarise",
    "table",
    "write_calls",
    "write_summary",
]  # fmt: skip
