"""How long agents' talks last, learned from every talk that ends."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, update

from ivr.core.database import upsert
from ivr.core.unit_of_work import Work
from ivr.queue.tables import offer, talks
from routing.estimate import Talks


def learn_talk_length(work: Work, leg: Row[Any]) -> None:
    """An agent's talk is over: how long it was is remembered for its service."""
    taken = work.connection.execute(select(offer).where(offer.c.id == leg.subject_id)).one()
    if taken.state != "accepted" or leg.answered_at is None or leg.ended_at is None:
        return
    if leg.ended_at < leg.answered_at:
        return  # the clock was set back meanwhile, and how long it was is not known
    key = {"practice_id": leg.practice_id, "service": taken.about["service"]}
    first = upsert(work.connection, talks).values(**key, mean_seconds=0.0, known=0)
    work.connection.execute(first.on_conflict_do_nothing(index_elements=list(key)))
    known = read_talks(work, leg.practice_id, key["service"], lock=True)
    after = known.with_one((leg.ended_at - leg.answered_at).total_seconds())
    work.connection.execute(update(talks).filter_by(**key).values(mean_seconds=after.mean, known=after.count))


def read_talks(work: Work, practice: str, service: str, *, lock: bool = False) -> Talks:
    """What is known of the talks of a service; ``lock`` holds it until the transaction ends."""
    known = select(talks).where(talks.c.practice_id == practice, talks.c.service == service)
    row = work.connection.execute(known.with_for_update() if lock else known).first()
    return Talks(row.mean_seconds, row.known) if row else Talks()
