"""Who calls from a telephone number. A number is not a person: a ward, a couple and a clinic each share one.

A person is the patient whose record the call was matched with; ``None`` is an unmatched caller.
"""

from __future__ import annotations

from collections.abc import Mapping


def is_same_person(one: str | None, other: str | None) -> bool:
    """Whether both are known to be the same. Two whom nobody knows are not, whatever number they have in common."""
    return one is not None and one == other


def may_take_up(left_by: str | None, caller: str | None) -> bool:
    """Whether what ``left_by`` left behind may be the caller's. What somebody known left is theirs alone."""
    return left_by is None or left_by == caller


def find_replaced(caller: str | None, open_ones: Mapping[str, str | None], *, asked_before: bool) -> frozenset[str]:
    """Which of the promises that are open on one number, for the same thing, a new one of the caller stands for.

    ``open_ones`` are the promises with the persons who were promised them. Those of the same known person; and, where
    the caller says that they asked before, the one of an unmatched caller. Of several of these it cannot be told which.
    """
    own = {promise for promise, person in open_ones.items() if is_same_person(person, caller)}
    unmatched = {promise for promise, person in open_ones.items() if person is None}
    return frozenset(own | (unmatched if asked_before and len(unmatched) == 1 else set()))


def may_be_one_story(one: str | None, other: str | None, *, was_over: bool, of_many: bool) -> bool:
    """Whether an illness told of again may be the one told of before, from the same telephone.

    The same known person's always is, two known persons' never. Where it is not known, only where the earlier line
    ``was_over`` before the later call began, since nobody calls while they are on the line, and where it is not the
    telephone ``of_many``, such as one that is known to be shared or that of a professional, who calls about one patient
    after the other. Who it is is asked of nobody who is ill, and whoever answers asks them.
    """
    if one is not None and other is not None:
        return one == other
    return was_over and not of_many
