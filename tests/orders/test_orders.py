"""Orders of events in hand-overs, played and judged from outside. The number of orders is printed with ``-s``."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable

import pytest

from tests.conftest import thorough
from tests.orders.judge import judge
from tests.orders.orders import ACTS, FAULTS, Order, pairs, sample, singles, states
from tests.orders.player import NotReached, Void, play

SAMPLED = 24
FOUND = (
    Order("interpreted", "PIN given", ("clinician slow", "clinicians off"), 0, "willing", 2),
    Order("consult", "picked up", ("everybody hangs up",), 0, "willing", 4),
    Order("consult", "PIN given", ("everybody hangs up", "clinician declines"), 0, "late", 0),
    Order("dropped house", "first rings", ("webhooks late",), 0, "willing", 1),
    Order("house", "house rings", ("everybody hangs up",), 0, "willing", 0),
    Order("elsewhere", "other again, said", ("house passes on",), 0, "late", 6),
)
PAIRED = 20
"""Pairs of events at each state in the slow form; ``ORDERS=pairs`` has all of them, which takes days."""
EVERY_PAIR = os.environ.get("ORDERS") == "pairs"


def wrongs(orders: Iterable[Order]) -> list[str]:
    """What is wrong with each order, and print how many were played."""
    found, played, void = [], 0, 0
    for order in orders:
        try:
            tape = play(order)
        except Void:
            void += 1
            continue
        played += 1
        found += [f"{order}: {wrong.at:.0f} s: {wrong.rule}: {wrong.what}" for wrong in judge(tape)]
    print(f"{played} orders were played, {void} cannot happen")
    return found


@pytest.mark.parametrize("order", sample(SAMPLED), ids=str)
def test_whatever_happens_in_a_hand_over_nobody_is_lost(order: Order) -> None:
    assert wrongs([order]) == []


@pytest.mark.parametrize("order", FOUND, ids=str)
def test_an_order_that_lost_somebody_loses_nobody(order: Order) -> None:
    assert wrongs([order]) == []


@pytest.mark.parametrize(("chain", "state"), [thorough(*state, id=" / ".join(state)) for state in states()])
def test_every_event_at_every_state_loses_nobody(chain: str, state: str) -> None:
    alone, both = list(singles(chain, state)), list(pairs(chain, state))
    assert wrongs((*alone, *random.Random(1).sample(both, len(both) if EVERY_PAIR else PAIRED))) == []


def test_every_state_of_every_chain_is_another_one() -> None:
    assert len(set(states())) == len(states()) > 90


def test_every_event_is_tried_alone_and_with_every_other() -> None:
    events, (chain, state) = (*ACTS, *FAULTS), states()[0]
    assert len(list(singles(chain, state))) == len(events) * 2
    tried = {(order.events, order.delay) for order in pairs(chain, state)}
    assert len(tried) == len(events) * (len(events) - 1) * 5 // 2


def test_a_sample_goes_through_all_states_before_it_comes_back() -> None:
    first = [(order.chain, order.state) for order in sample(len(states()))]
    assert sorted(first) == sorted(states())


def test_a_state_that_is_not_reached_is_told() -> None:
    with pytest.raises(NotReached, match="no such state"):
        play(Order("flag", "on the moon", ()))
