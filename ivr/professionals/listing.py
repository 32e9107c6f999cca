"""The organisations that a practice lists, by the configuration in force: whoever was taken out proves nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callflows.dialogues.listed import SELECTOR_DIGITS
from ivr.core.errors import Refusal
from ivr.directory.organisation import Organisation
from ivr.directory.problems import nearest
from ivr.directory.schema.backline import ListedOrganisation

MOST = 10**SELECTOR_DIGITS // 2
"""Codes of one practice: of more, few beginnings would be left, and most guesses would begin right."""


class NotListed(Refusal):
    """No such organisation is listed, or it has no code."""


def listed_of(organisation: Organisation, practice_id: str) -> Mapping[str, ListedOrganisation]:
    """What a practice lists; nothing where it is unknown or has no backline."""
    file = organisation.practices.get(practice_id)
    return file.backline.listed if file and file.backline else {}


def list_listed(organisation: Organisation) -> Iterator[tuple[str, str, ListedOrganisation]]:
    """Every practice with each organisation that it lists."""
    for practice in sorted(organisation.practices):
        for name, one in sorted(listed_of(organisation, practice).items()):
            yield practice, name, one


def find_listed(organisation: Organisation, practice_id: str, name: str) -> ListedOrganisation:
    """One of them. Raises NotListed."""
    if practice_id not in organisation.practices:
        raise NotListed(f"there is no practice {practice_id!r}; {nearest(practice_id, organisation.practices)}")
    known = listed_of(organisation, practice_id)
    if name not in known:
        mend = nearest(name, known) if known else "list it, then: sunline load DIR"
        raise NotListed(f"{name!r} is not listed for the backline of {practice_id}; {mend}")
    return known[name]
