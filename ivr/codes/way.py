"""What a way of sending codes gives: everything else about codes is the same for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from callflows.vocabulary import CodeChecked
from ivr.codes.audit_trail import Asker
from ivr.core.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Way:
    """One way of making, sending and checking codes.

    ``send`` has a code sent that was made, and ``make`` gives the columns of a new one that are this way's own; both
    are given the call and the code's id. ``judge`` tells what came of what somebody gave (several
    readings of it are one try) for a code that may still be given: CHECKING where that is told later, on the leg on
    which it was given. Where it ``tells_at_once`` a code may be given without one.
    """

    send: Callable[[Work, Row[Any], str], None]
    make: Callable[[Work, Row[Any], str], dict[str, Any]]
    judge: Callable[[Work, Asker, Row[Any], tuple[str, ...]], CodeChecked]
    tells_at_once: bool
