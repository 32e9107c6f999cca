"""What only shows when the files of a folder are read together, or on a given day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ivr.directory.checks import (
    codes,
    contact,
    dates,
    drills,
    escalations,
    holidays,
    hours,
    identity,
    interpreters,
    licences,
    morning_summary,
    numbers,
    oncall,
    operator,
    phrases,
    policy,
    practice,
    protocol,
    representatives,
    rotas,
    services,
    waits,
    without_effect,
    wording,
    writing,
)
from ivr.directory.draft import Draft, read_draft
from ivr.directory.problems import ConfigurationError, Problem, one_a_cause


def checked(
    folder: Path, at: datetime, *, allow_unsigned: bool = False, signed_later: bool = False
) -> tuple[Draft, tuple[Problem, ...]]:
    """A folder that may be used, and its warnings; :class:`ConfigurationError` with every problem otherwise.

    ``signed_later``: ``at`` is a day that is only played, so that what was signed after it counts as signed.
    """
    draft = read_draft(folder)
    found = [
        *writing.problems(draft),
        *operator.problems(draft),
        *interpreters.problems(draft),
        *licences.problems(draft),
        *practice.problems(draft),
        *identity.problems(draft),
        *representatives.problems(draft),
        *policy.problems(draft),
        *services.problems(draft),
        *numbers.problems(draft),
        *rotas.problems(draft, at),
        *drills.problems(draft),
        *oncall.problems(draft),
        *contact.problems(draft),
        *escalations.problems(draft),
        *protocol.problems(draft, at, allow_unsigned=allow_unsigned, signed_later=signed_later),
        *codes.problems(draft),
        *phrases.problems(draft),
        *wording.problems(draft),
        *without_effect.problems(draft),
        *waits.problems(draft),
        *dates.problems(draft, at),
        *holidays.problems(draft),
        *hours.problems(draft, at),
        *morning_summary.problems(draft, at),
    ]
    if not all(problem.warning for problem in found):
        raise ConfigurationError(found)
    return draft, one_a_cause(found)
