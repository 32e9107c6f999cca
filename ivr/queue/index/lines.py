"""Which calls and agents are alike: the line that a call waits in, and the cells that an idle agent is filed in."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.calls.tables import call
from ivr.core.services import Services
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load
from ivr.queue.agent_states import NEVER
from ivr.queue.tables import WAITS, waiting
from routing.agents import ANYBODY
from routing.filing import Filing, score

WHO_WAITS = (
    select(waiting, call.c.practice_id, call.c.location_id)
    .join(call, call.c.id == waiting.c.call_id)
    .where(WAITS)
    .order_by(waiting.c.place)
)


@dataclass(frozen=True, slots=True)
class InForce:
    """The organisation of now and how its agents are filed today; ``mark`` names both, and the secret of the names."""

    organisation: Organisation
    filing: Filing
    mark: str
    secret: str = field(repr=False)

    def hidden(self, *wanted: str) -> str:
        """A name in Redis for what a call wants: which of a few dozens it is, nobody can tell without the secret."""
        return _hidden(self.secret, "/".join(wanted))


def read_in_force(services: Services, connection: Connection) -> InForce:
    """What the index must be of."""
    revision, now = current(connection), services.clock.now()
    organisation = load(connection, revision)
    secret = services.settings.session_secret
    mark = f"{revision}:{now:%Y-%m-%d}:{_hidden(secret, 'mark')}"
    return InForce(organisation, organisation.rosters.filing(now), mark, secret)


def _hidden(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()[:32]


def line_of(of: InForce, row: Row[Any]) -> str:
    """What the calls of one line have in common: the skill, whom it concerns, what is wanted, and how urgently."""
    alike = (row.practice_id, row.location_id, row.service, row.language, row.urgency, row.pool)
    return f"{of.hidden(skill_of(of.organisation, row))}/{of.hidden(*alike)}"


def skill_of(organisation: Organisation, row: Row[Any]) -> str:
    """The skill that a waiting call needs."""
    if row.pool or not is_configured(organisation, row.practice_id, row.location_id, row.service):
        return ANYBODY
    return organisation.service(row.practice_id, row.service).skill


def is_configured(organisation: Organisation, practice: str, location: str, service: str) -> bool:
    """Whether the organisation still has this service at this location; it may have been taken out meanwhile."""
    found = organisation.practices.get(practice)
    return found is not None and location in found.locations and service in found.services


def idle_cells(of: InForce, agent: str, row: Row[Any] | None) -> Iterator[tuple[str, float]]:
    """The cells in which an agent with this row of ``agent_state`` is filed, with the scores; none while not idle."""
    if row is None or (row.state == "idle" and row.away_since is None):
        since = row.since if row else NEVER
        yield from ((filed.cell, score(filed.level, since)) for filed in of.filing.of(agent))
