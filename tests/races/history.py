"""What happened to offers, agents, places in line and legs, in the order in which the database let it happen.

Instants would not do: each is read before its transaction waits for its turn. Triggers write every change down in the
transaction that makes it, while that holds the row, so that for one agent and for one call the order is the true one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Column, Integer, MetaData, String, Table, select

from ivr.core.database import Database

history = Table(
    "history",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("call", String, nullable=False),
    Column("offer", String, nullable=False),
    Column("state", String, nullable=False),
)

WATCHED = {
    "offer": ("'offer'", "NEW.id", "NEW.agent_id", "NEW.call_id", "NEW.id", "NEW.state"),
    "agent_state": ("'doing'", "NEW.agent_id", "NEW.agent_id", "''", "coalesce(NEW.offer_id, '')", "NEW.state"),
    "waiting": ("'waiting'", "NEW.call_id", "''", "NEW.call_id", "''", "NEW.state"),
    "leg": (
        *("NEW.role", "NEW.id", "NEW.person_id", "NEW.call_id", "coalesce(NEW.errand_id, '')"),
        "CASE WHEN NEW.outcome IS NULL THEN NEW.state ELSE 'ended' END",
    ),
}
"""Of each table what is written down. A leg whose conversation is over counts as ended: nobody talks on it any more."""
RINGS = ("dialling", "ringing")


def keep_history(database: Database) -> None:
    """Write down every change from now on."""
    history.metadata.create_all(database.engine)
    postgres = database.engine.dialect.name == "postgresql"
    with database.write() as connection:
        for table, values in WATCHED.items():
            written = f"INSERT INTO history (kind, subject, agent, call, offer, state) VALUES ({', '.join(values)});"
            for statement in _postgres(table, written) if postgres else _sqlite(table, written):
                connection.exec_driver_sql(statement)


def _postgres(table: str, written: str) -> Iterator[str]:
    yield (f"CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {written} RETURN NULL; END $$")
    yield f"CREATE TRIGGER noted AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION note_{table}()"


def _sqlite(table: str, written: str) -> Iterator[str]:
    for event in ("INSERT", "UPDATE"):
        yield f"CREATE TRIGGER note_{table}_{event} AFTER {event} ON {table} BEGIN {written} END"


@dataclass
class Told:
    """The history so far, and what it may never show."""

    held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    joined: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ringing: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    helpers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    called_back: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    place: dict[str, str] = field(default_factory=dict)
    accepted: int = 0
    callbacks: int = 0


def wrongs(database: Database) -> tuple[Told, list[str]]:
    """The history told to its end, and everything in it that may not be."""
    told, found = Told(), []
    with database.read() as connection:
        for row in connection.execute(select(history).order_by(history.c.id)):
            happened = _RULES[row.kind](told, row.subject, row.agent, row.call, row.offer, row.state)
            found += [f"{row.id}: {wrong}" for wrong in happened]
    return told, found


def _offer(told: Told, offer: str, agent: str, call: str, _offer: str, state: str) -> Iterator[str]:
    if state == "open":
        told.held[agent].add(offer)
        if told.place.get(call) not in ("searching", "offered"):
            yield f"{agent} is offered a call whose place is {told.place.get(call)}"
        if told.joined[call]:
            yield f"{agent} is offered a call that talks with somebody"
        if len(told.held[agent]) > 1:
            yield f"{agent} holds {len(told.held[agent])} offers"
    elif state == "accepted":
        told.accepted += 1
        told.joined[call].add(offer)
        if len(told.joined[call]) > 1:
            yield f"call {call} is connected to {len(told.joined[call])} agents"
    else:
        told.held[agent].discard(offer)


def _doing(told: Told, agent: str, _agent: str, _call: str, _offer: str, state: str) -> Iterator[str]:
    if state == "idle" and told.held[agent]:
        yield f"{agent} counts as idle and holds an offer"


def _waiting(told: Told, call: str, _agent: str, _call: str, _offer: str, state: str) -> Iterator[str]:
    told.place[call] = state
    if state in ("searching", "offered") and told.joined[call]:
        yield f"call {call} waits and is connected"


def _rung(told: Told, leg: str, who: str, call: str, _offer: str, state: str) -> Iterator[str]:
    rings = told.ringing[who, call]
    rings.add(leg) if state in RINGS else rings.discard(leg)
    if len(rings) > 1:
        yield f"{who} is rung twice at once for call {call}"


def _helper(told: Told, leg: str, who: str, call: str, offer: str, state: str) -> Iterator[str]:
    yield from _rung(told, leg, who, call, offer, state)
    there = told.helpers[call]
    there.add(leg) if state == "in-progress" else there.discard(leg)


def _agent(told: Told, leg: str, agent: str, call: str, offer: str, state: str) -> Iterator[str]:
    yield from _rung(told, leg, agent, call, offer, state)
    if state == "ended" and offer in told.joined[call]:
        told.joined[call].discard(offer)
        told.held[agent].discard(offer)


def _patient(told: Told, leg: str, _agent: str, call: str, _offer: str, state: str) -> Iterator[str]:
    before = told.called_back[call]
    if state == "planned" and leg not in before:
        told.callbacks += 1
        if before:
            yield f"call {call} is called back twice at once"
        if not (told.joined[call] or told.helpers[call]):
            yield f"call {call} is called back and nobody is there"
    before.discard(leg) if state == "ended" else before.add(leg)


def _nothing(*_row: object) -> Iterator[str]:
    yield from ()


_RULES = {
    "offer": _offer, "doing": _doing, "waiting": _waiting, "agent": _agent, "patient": _patient,
    "caller": _nothing, "clinician": _helper, "interpreter": _nothing, "house": _helper,
}  # fmt: skip
