"""The daily round of the vault, which clears away what crashed attempts left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from ivr.core.services import Services
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer, start_repeating

EVERY = timedelta(days=1)
KIND = "sweep_vault"
VAULT = "vault"


def start_daily_round(services: Services) -> None:
    """Start the daily round, unless it runs already."""
    start_repeating(services, KIND, VAULT, after=EVERY)


def enqueue_sweep(work: Work, vault: str) -> None:
    """Have the vault swept, and again a day later. The vault opens transactions of its own, so the outbox sweeps it."""
    outbox.put_item(work, KIND, vault, call_id=None, key=work.at.date().isoformat(), urgency="housekeeping")
    set_timer(work, KIND, vault, work.at + EVERY, call_id=None)


def sweep(services: Services, _item: Row[Any]) -> None:
    """Clear away what crashed attempts left behind."""
    services.vault.sweep(at=services.clock.now())
