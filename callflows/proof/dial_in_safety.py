"""The rule of clinicians who dial in on the line of patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.dialogues.dial_in import DIALLED_IN
from callflows.proof.events import Answered, Event, changed, need
from callflows.vocabulary import Outcome, PinChecked


@dataclass(frozen=True, slots=True)
class DialledInByPin:
    """The call of a patient ends for that of a clinician exactly where code and PIN were right, and at once."""

    right: bool = False

    def see(self, event: Event) -> Self:
        """Follow what came of code and PIN."""
        if isinstance(event, Outcome):
            need((event.how == DIALLED_IN) == self.right, "a caller is taken for a clinician, or a clinician for none")
        elif self.right:
            need(False, "something follows a right PIN before the call that it is for")
        right = isinstance(event, Answered) and event.answer == PinChecked(True)
        return changed(self, right=right)
