"""Which sites may serve whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.policy import PolicyError, SiteRule, barred

SITES = ("manila", "cape-town", "bogota", "chicago")
STATES, PAYERS = ("IL", "TX", "CA"), ("acme", "medicaid")
HOME_ONLY = SiteRule(states=frozenset({"TX"}), payers=frozenset({"medicaid"}), only=frozenset({"chicago"}))

names = st.frozensets(st.sampled_from(SITES), min_size=1)
RULES = st.builds(
    SiteRule, st.frozensets(st.sampled_from(STATES)), st.frozensets(st.sampled_from(PAYERS)), only=names
) | st.builds(SiteRule, st.frozensets(st.sampled_from(STATES)), st.frozensets(st.sampled_from(PAYERS)), never=names)
FACTS = st.tuples(st.sampled_from(STATES), st.sampled_from(PAYERS))


def test_a_rule_holds_for_its_states_and_payers_and_for_nobody_else() -> None:
    assert barred([HOME_ONLY], SITES, "TX", "medicaid") == ("manila", "cape-town", "bogota")
    assert barred([HOME_ONLY], SITES, "IL", "medicaid") == ()
    assert barred([HOME_ONLY], SITES, "TX", "acme") == ()


def test_a_rule_without_states_or_payers_holds_everywhere() -> None:
    assert barred([SiteRule(never=frozenset({"bogota"}))], SITES, "IL", "acme") == ("bogota",)


def test_a_rule_that_says_nothing_or_both_is_refused() -> None:
    for only, never in (((), ()), (("chicago",), ("manila",))):
        with pytest.raises(PolicyError, match="give it either only or never"):
            SiteRule(only=frozenset(only), never=frozenset(never))


@given(st.lists(RULES, max_size=4), FACTS)
def test_whoever_is_not_known_is_held_to_all_that_they_might_be(rules: list[SiteRule], facts: tuple[str, str]) -> None:
    state, payer = facts
    known = set(barred(rules, SITES, state, payer))
    assert known <= set(barred(rules, SITES, state, None)) & set(barred(rules, SITES, None, payer))
    assert set(barred(rules, SITES, None, None)) == {site for site in SITES if any(rule.bars(site) for rule in rules)}


@given(st.lists(RULES, max_size=4), RULES, FACTS)
def test_another_rule_never_lets_a_site_in(rules: list[SiteRule], more: SiteRule, facts: tuple[str, str]) -> None:
    assert set(barred(rules, SITES, *facts)) <= set(barred([*rules, more], SITES, *facts))
