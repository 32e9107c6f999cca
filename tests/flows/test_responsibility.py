"""Who is responsible for a call, whatever is known of it, and in whichever order it became known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from callflows.lifecycles.tables import RESPONSIBILITY
from callflows.proof.one_responsible import OPEN, count_states, find_breach
from callflows.responsibility import LADDER, Facts, Owed, Paging, decide, event_of, is_open
from callflows.values import URGENCIES

START = datetime(2026, 11, 3, 22, tzinfo=UTC)

instants = st.integers(0, 5).map(lambda minutes: START + timedelta(minutes=minutes))
maybe = st.none() | instants
urgencies = st.sampled_from(URGENCIES)
people = st.lists(st.sampled_from(("dr-lee", "dr-okafor", "ana", "house")), max_size=3, unique=True).map(tuple)
pagings = st.builds(
    Paging, st.sampled_from(("paging", "accepted", "exhausted", "stopped")), urgencies, maybe, st.booleans()
)
facts = st.builds(
    Facts,
    urgency=urgencies,
    opened_at=maybe,
    contact_at=maybe,
    clinician_at=maybe,
    line=st.booleans(),
    clinicians=people,
    staff=people,
    holder=st.sampled_from(("", "dr-lee")),
    held_until=maybe,
    asked=st.booleans(),
    paging=st.none() | pagings,
    owed=st.lists(st.builds(Owed, urgencies, maybe), max_size=2).map(tuple),
    house=st.sampled_from(("", "later", "due", "asked")),
    given_up_at=maybe,
)


@given(facts)
def test_somebody_is_responsible_as_long_as_a_symptom_had_no_contact(known: Facts) -> None:
    assume(known.opened_at is not None)
    assume(known.contact_at is None or known.contact_at <= known.opened_at)
    assert decide(known).open


@given(facts)
def test_somebody_is_responsible_as_long_as_anything_is_owed(known: Facts) -> None:
    assume(known.owed)
    assert decide(known).open


@given(facts)
def test_nobody_is_named_who_is_not_there_and_never_two(known: Facts) -> None:
    assert decide(known).person in {LADDER, known.holder, *known.clinicians, *known.staff}


@given(facts)
def test_it_makes_no_difference_in_which_order_people_are_known(known: Facts) -> None:
    turned = replace(known, clinicians=known.clinicians[::-1], staff=known.staff[::-1], owed=known.owed[::-1])
    assert decide(turned) == decide(known)


@given(facts)
def test_whoever_is_on_the_line_goes_before_whoever_holds_it_and_clinicians_first(known: Facts) -> None:
    assume(decide(known).open)
    for there in (known.clinicians, known.staff, (known.holder,) if known.holder else ()):
        if there:
            assert decide(known).person in there
            return
    assert decide(known).person == LADDER


@given(facts)
def test_nothing_lowers_the_urgency(known: Facts) -> None:
    told = [known.urgency, *(one.urgency for one in known.owed), *([known.paging.urgency] if known.paging else ())]
    assert URGENCIES.index(decide(known).urgency) == max(map(URGENCIES.index, told))


@given(facts)
def test_something_is_begun_exactly_where_the_ladder_has_nothing_under_way(known: Facts) -> None:
    decided = decide(known)
    if not decided.open or decided.person != LADDER or known.line or known.asked:
        assert decided.begin == ""
    elif known.given_up_at is None and not known.owed:
        assert decided.begin == "promise"
    elif known.owed and known.house == "later" and known.given_up_at is None:
        assert decided.begin == "", "a timer looks again"
    elif known.owed and known.house not in ("due", "later") and known.given_up_at is None:
        waits = any(one.tries_at for one in known.owed) or (known.paging is not None and known.paging.state == "paging")
        assert decided.begin == ("" if waits else "retry")


@given(facts, st.sampled_from(RESPONSIBILITY.states))
def test_the_lifecycle_comes_to_what_was_decided_from_every_state(known: Facts, state: str) -> None:
    decided = decide(known)
    for _ in range(3):
        move = RESPONSIBILITY.move(state, event_of(state, known, decided))
        state = move.to if move is not None else state
    assert (state in OPEN) == decided.open
    assert not decided.open or state == ("escalating" if decided.person == LADDER else "assigned")


@given(facts)
def test_an_accept_a_joined_leg_and_a_hold_are_no_contact(known: Facts) -> None:
    alone = replace(known, clinicians=(), staff=(), holder="", line=False)
    assert decide(known).open == decide(alone).open


def test_exactly_one_is_responsible_at_every_instant_over_all_lifecycles_and_no_urgency_falls() -> None:
    assert find_breach() == ""


def test_the_walk_over_the_lifecycles_sees_many_states() -> None:
    assert count_states() > 1000


def test_a_clinician_whom_an_agent_asked_for_in_vain_is_still_owed_after_any_talk_but_their_own() -> None:
    over = START + timedelta(minutes=1)
    in_vain = Paging("exhausted", "urgent", START, consult=True)
    assert decide(Facts(contact_at=over, paging=in_vain)).begin == "promise"
    assert decide(Facts(contact_at=over, paging=in_vain, line=True, staff=("ana",))).begin == ""
    assert not is_open(Facts(contact_at=over, clinician_at=over, paging=in_vain))
    assert not is_open(Facts(contact_at=over, paging=replace(in_vain, consult=False)))
