"""How a call stands for somebody who would make surer of its caller, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select

from callflows.identity.by_person import NOT_PROVED, TalkStanding
from ivr.accounts.accounts_store import Person
from ivr.calls.configuration import NO_PRACTICE, pinned_of
from ivr.calls.flow_view import sends_codes
from ivr.codes.outcomes import find_newest
from ivr.codes.tables import one_time_code
from ivr.codes.ways import way_for
from ivr.core.unit_of_work import Work
from ivr.queue.offers import UNKNOWN_LEVEL
from ivr.verification import talk_now
from ivr.verification.tables import identity_check

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A call as its page shows it. ``mark`` is another one as soon as anything of it has changed.

    ``asked`` is the level that its service asks for, ``checklist`` the practice's items with their sentences, ``code``
    the newest one-time code, ``checks`` what was decided in this call, the first one first.
    """

    about: Row[Any]
    standing: TalkStanding
    asked: str
    codes: bool
    checklist: Mapping[str, str]
    code: Row[Any] | None
    checks: tuple[Row[Any], ...]
    mark: str


def read_found(work: Work, person: Person, about: Row[Any], mark: str | None = None) -> Found:
    """How the call stands; ``mark`` is that of the page from which something was sent, None where nothing was."""
    checks, code = list_checks(work, about.id), find_newest(work, about)
    now = _make_mark(work, about, len(checks), code)
    checklist = read_checklist(work, about)
    codes = about.practice_id != NO_PRACTICE and sends_codes(pinned_of(work, about), about.practice_id)
    standing = TalkStanding(
        level=_find_level(work, about),
        represented=about.representative_id is not None,
        talking=talk_now.is_talking(work, about.id),
        present=talk_now.is_present(work, person, about.id),
        supervises=person.role == talk_now.SUPERVISOR,
        current=mark in (None, now),
        checklist=tuple(checklist),
        decided=checks[-1].result if checks else "",
        failed=count_failed(work, about, DAY),
        by_telephone=codes and not way_for(work, about).tells_at_once,
    )
    return Found(about, standing, _find_asked(work, about), codes, checklist, code, checks, now)


def read_checklist(work: Work, about: Row[Any]) -> Mapping[str, str]:
    """The practice's checklist as it was when the call came in; empty where it has none."""
    practice = pinned_of(work, about).practices.get(about.practice_id)
    proof = practice.identity.L3 if practice else None
    return proof.items() if proof else {}


def list_checks(work: Work, call_id: str) -> tuple[Row[Any], ...]:
    """What was decided in a call, the first one first."""
    mine = select(identity_check).where(identity_check.c.call_id == call_id).order_by(identity_check.c.number)
    return tuple(work.connection.execute(mine))


def count_failed(work: Work, about: Row[Any], within: timedelta, *, of_practice: bool = False) -> int:
    """How many checks of the call's patient, or of its whole practice, ended without proof within a time."""
    failed = identity_check.c.result == NOT_PROVED, identity_check.c.made_at > work.at - within
    of_patient = () if of_practice else (identity_check.c.patient_id == about.patient_id,)
    theirs = identity_check.c.practice_id == about.practice_id, *of_patient
    counted = select(func.count()).select_from(identity_check).where(*theirs, *failed)
    return int(work.connection.execute(counted).scalar_one())


def _find_level(work: Work, about: Row[Any]) -> str:
    """How sure we are of whoever is on the line now."""
    unknown = about.patient_id is None or talk_now.is_called_back(work, about.id)
    return UNKNOWN_LEVEL if unknown else str(about.identity_level)


def _find_asked(work: Work, about: Row[Any]) -> str:
    practice = pinned_of(work, about).practices.get(about.practice_id)
    service = practice.services.get(about.service or "") if practice else None
    return service.level if service else ""


def _make_mark(work: Work, about: Row[Any], checks: int, code: Row[Any] | None) -> str:
    """What a form must carry: whose call it is, its level, and how often something was tried in it."""
    codes = select(func.count()).select_from(one_time_code).where(one_time_code.c.call_id == about.id)
    sent = work.connection.execute(codes).scalar_one()
    stands = (about.id, about.patient_id, about.identity_level, checks, sent, code.wrong if code else 0)
    return work.services.cipher.lookup_hash(about.practice_id, "identity_check.mark", ":".join(map(str, stands)))
