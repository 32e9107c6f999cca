"""The checklist by which a person proves who is calling: what makes a caller L3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from callflows.identity.by_person import USUAL_CHECKLIST
from ivr.core.counting import counted
from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import Identifier, Means, Model, Some, Text

LONGEST_NAMES = 90
"""Letters of the ids of a list, with what stands between them: one row of the audit trail names all of them."""
LONGEST_SENTENCE = 240
"""Letters: an agent reads it while somebody talks."""


def _tickable(items: dict[str, str]) -> dict[str, str]:
    if len(", ".join(items)) > LONGEST_NAMES:
        what = f"the names of the items are longer than {LONGEST_NAMES} letters together"
        raise Unreadable(what, "shorten the names, or leave items out")
    for item, sentence in items.items():
        if len(sentence) > LONGEST_SENTENCE:
            what = f"the sentence has {counted(len(sentence), 'letter')}"
            mend = f"write at most {LONGEST_SENTENCE}: it is read in the middle of a call"
            raise Unreadable(what, mend, (item,))
    return items


class PersonalProof(Model):
    """L3: an agent who talks with the caller ticks every item of a checklist, on top of L2. No item may be left out.

    An item says what the agent has made sure of, and no value of a record. ``L3: {}`` takes the usual list.
    """

    checklist: Annotated[
        Annotated[Some[dict[Identifier, Text]], AfterValidator(_tickable)] | None,
        Means(
            "What the agent makes sure of, in the order of the names: a name, and the sentence that is ticked. "
            "Left out, the usual list of docs/identity.md.",
            "{own-wish: The caller told in their own words what is to change.}",
        ),
    ] = None

    def items(self) -> Mapping[str, str]:
        """The list as this practice has it."""
        return USUAL_CHECKLIST if self.checklist is None else self.checklist
