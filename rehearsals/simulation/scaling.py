"""Adding agents to an organisation, for loads that the few of the example could not serve."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ivr.directory.organisation import Organisation, organisation_of

Entry = Mapping[str, Any]


def with_agents(organisation: Organisation, each: int) -> Organisation:
    """Return the organisation with at least ``each`` agents in every pool that has any, as copies of those it has."""
    tree = json.loads(organisation.body)
    written = tree["operator"]["agents"]
    pools = dict.fromkeys(entry["pool"] for entry in written)
    more = [copy for pool in pools for copy in _copies([one for one in written if one["pool"] == pool], each)]
    tree["operator"]["agents"] = [*written, *more]
    return organisation_of(tree)


def _copies(people: Sequence[Entry], wanted: int) -> Iterator[Entry]:
    endless = ((person, number) for number in range(2, wanted + 2) for person in people)
    for person, number in islice(endless, max(0, wanted - len(people))):
        name = f"{person['id']}-{number}"
        yield {**person, "id": name, "name": f"{person['name']} {number}", "contact": f"client:{name}"}
