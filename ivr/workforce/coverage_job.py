"""Coverage is computed outside the web: a timer looks whether it must be, and the outbox carries it out part by part.

It must be where another configuration is in force, where other closures stand, and every day, because it looks ahead
from the instant for which it was computed. Each part is an item of its own: whatever is more urgent goes before the
next.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from ivr.closures.register import list_standing
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.revisions import load
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer, start_repeating
from ivr.workforce import coverage_store as store
from ivr.workforce.coverage_parts import Part, compute_part, count_parts, tell_causes

EVERY = timedelta(minutes=1)
WATCH = "watch_coverage"
COMPUTE = "compute_coverage"
SUBJECT = "coverage"


def start_watching(services: Services) -> None:
    """Look now, and from now on every minute, whether coverage must be computed; nothing where that runs already."""
    start_repeating(services, WATCH, SUBJECT, after=timedelta())


def renew_if_outdated(work: Work, subject: str) -> None:
    """Have coverage computed anew where what was begun last is not of now, and look again in a minute."""
    basis = store.read_basis(work.connection, work.at)
    if basis is not None and not store.is_current(store.find_newest(work.connection), basis, work.at):
        coverage_id = work.services.ids()
        store.begin(work.connection, coverage_id, basis, work.at)
        _put_part(work, coverage_id, 0)
    set_timer(work, WATCH, subject, work.at + EVERY, call_id=None)


def compute(services: Services, item: Row[Any]) -> None:
    """Compute the part that the item names and write the next one down; after the last one, the causes.

    Nothing is done for a coverage that a later one has replaced.
    """
    with services.database.read() as connection:
        row, newest = store.find_coverage(connection, item.subject), store.find_newest(connection)
    if row is None or newest is None or newest.id != row.id or row.finished_at is not None:
        return
    number = int(item.details["part"])
    if row.parts is None or number < row.parts:
        _compute_part(services, row, number)
    else:
        _finish(services, row)


def give_up(services: Services, item: Row[Any]) -> None:
    """Forget a coverage that could not be computed: the next look begins another."""
    in_transaction(services, lambda work: _forget(work, item.subject))


def _forget(work: Work, coverage_id: str) -> None:
    row = store.lock_coverage(work.connection, coverage_id)
    if row is not None and row.finished_at is None:
        store.forget(work.connection, coverage_id)


def _compute_part(services: Services, row: Row[Any], number: int) -> None:
    with services.database.read() as connection:
        organisation = load(connection, row.revision_id)
        standing = list_standing(connection, row.computed_for)
    part, parts = compute_part(organisation, standing, row.computed_for, number), count_parts(organisation)
    in_transaction(services, lambda work: _keep_part(work, row.id, number, part, parts))


def _keep_part(work: Work, coverage_id: str, number: int, part: Part, parts: int) -> None:
    if store.lock_coverage(work.connection, coverage_id) is not None:
        store.keep_part(work.connection, coverage_id, number, part, parts)
        _put_part(work, coverage_id, number + 1)


def _finish(services: Services, row: Row[Any]) -> None:
    with services.database.read() as connection:
        organisation, gaps = load(connection, row.revision_id), store.read_gaps(connection, row.id)
    causes = tell_causes(organisation, gaps)
    in_transaction(services, lambda work: store.finish(work.connection, row.id, len(gaps), causes, work.at))


def _put_part(work: Work, coverage_id: str, number: int) -> None:
    part = str(number)
    outbox.put_item(work, COMPUTE, coverage_id, call_id=None, key=part, urgency="housekeeping", part=part)
