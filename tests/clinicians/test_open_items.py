"""What is due for an open item: nothing is dropped, whatever is known of it and in whichever order it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callflows.clinician_card import DONE, OVER, STATES, TAKEN, WORDS, CardFacts, decide_state, list_actions
from callflows.open_items import BEGINS_AGAIN_AFTER, NOT_TAKEN_AFTER, Due, Item, decide, look_again_at

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
FRESH = Item("dr-lee", START)
MOMENTS = st.datetimes(datetime(2026, 11, 1, 6), datetime(2026, 11, 3), timezones=st.just(UTC))
ITEMS = st.builds(
    Item,
    person=st.just("dr-lee"),
    opened_at=st.just(START),
    contact=st.booleans(),
    outcome=st.booleans(),
    busy=st.booleans(),
    paging=st.booleans(),
    on_duty=st.booleans(),
    follower=st.sampled_from(("", "dr-lee", "dr-okafor", "dr-patel")),
    offered_to=st.sampled_from(("", "dr-okafor")),
    offered_at=st.none() | MOMENTS,
    begun_again_at=st.none() | MOMENTS,
)


@given(ITEMS, MOMENTS)
def test_nothing_but_contact_and_an_outcome_closes(item: Item, at: datetime) -> None:
    assert decide(item, at).close == (item.contact and item.outcome)


@given(ITEMS, MOMENTS)
def test_without_contact_somebody_is_paged_after_half_an_hour_or_the_clinician_is_at_it(
    item: Item, at: datetime
) -> None:
    item = replace(item, contact=False, begun_again_at=None)
    if at - START >= BEGINS_AGAIN_AFTER:
        assert decide(item, at).begin_again or item.busy or item.paging


@given(ITEMS, MOMENTS)
def test_whoever_is_off_duty_hands_over_to_whoever_is_on_and_to_nobody_twice(item: Item, at: datetime) -> None:
    offer = decide(item, at).offer
    assert offer in ("", item.follower)
    if offer:
        assert not item.on_duty
        assert offer not in (item.person, item.offered_to)


@given(ITEMS, MOMENTS, MOMENTS)
def test_it_is_looked_at_again_before_anything_can_be_due(item: Item, ends_at: datetime, at: datetime) -> None:
    again_at = look_again_at(item, ends_at, at)
    assert at < again_at <= at + timedelta(hours=1)
    soon = decide(item, again_at - timedelta(microseconds=1))
    if not decide(item, at).begin_again and not decide(item, at).alert and at >= START:
        assert (soon.begin_again, soon.alert) == (False, False)


def test_a_shift_that_ends_without_contact_pages_whoever_follows_at_once() -> None:
    off = replace(FRESH, on_duty=False, follower="dr-okafor")
    assert decide(off, START + timedelta(minutes=1)) == Due(offer="dr-okafor", begin_again=True)
    assert decide(replace(off, contact=True), START + timedelta(minutes=1)) == Due(offer="dr-okafor")
    assert decide(replace(off, busy=True), START + timedelta(hours=2)) == Due()


def test_what_nobody_takes_is_told() -> None:
    offered = replace(
        FRESH, contact=True, on_duty=False, follower="dr-okafor", offered_to="dr-okafor", offered_at=START
    )
    assert not decide(offered, START + NOT_TAKEN_AFTER - timedelta(seconds=1)).alert
    assert decide(offered, START + NOT_TAKEN_AFTER).alert


FACTS = st.builds(
    CardFacts,
    page=st.sampled_from(("open", "accepted", "declined", "lapsed", "cancelled", "passed")),
    **{name: st.booleans() for name in ("others", "done", "contact", "on_telephone", "joined", "caller", "patient")},
)


@given(FACTS, st.booleans())
def test_every_state_has_words_and_only_what_is_over_has_no_buttons(facts: CardFacts, has_number: bool) -> None:
    state = decide_state(facts)
    assert state in STATES
    assert WORDS[state]
    actions = list_actions(state, has_number=has_number)
    assert bool(actions) == (state not in (TAKEN, OVER))
    assert ("accept" in actions) == (facts.page == "open")
    assert state != DONE or facts.done
