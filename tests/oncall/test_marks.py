"""Two texts in one thread are told apart, and nothing private is in them."""

from __future__ import annotations

import re

from ivr.oncall.marks import DIAL_IN_DIGITS, LENGTH, LETTERS, dial_in_code, mark_page
from ivr.oncall.tables import page
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import DR_LEE, EMERGENCY, dial, goes_on, run, until_it_rings
from tests.calls.worlds import world

__all__ = ["world"]

TEXT = re.compile(
    rf"Sunline page ([{LETTERS}]{{{LENGTH}}}): you are being paged\. Answer the call, or sign in: (\S+)"
    rf" Or call \+13125550100, press star, then (\d{{{DIAL_IN_DIGITS}}}) and your PIN\."
)


def test_each_text_to_one_person_has_a_mark_of_its_own(world: World) -> None:
    """The first call is not taken, and comes to Dr Lee again; the second pages them anew."""
    for caller in (CALLER, "+13125550194"):
        goes_on(world, dial(world, from_=caller), EMERGENCY)
        until_it_rings(world, DR_LEE)
        world.net.phone(DR_LEE).decline()
        run(world, 20)
    texts = [TEXT.fullmatch(text.body) for text in world.net.phone(DR_LEE).messages]
    told = {found[2].rpartition("/")[2]: found[1] for found in texts if found}
    assert len(told) == len(texts) >= 2
    assert len(set(told.values())) == len(texts)
    rows = Office(world).rows(page, page.c.person_id == "dr-lee", page.c.message_sid.is_not(None))
    assert told == {row.token: mark_page(row.token) for row in rows}
    codes = {found[2].rpartition("/")[2]: found[3] for found in texts if found}
    assert codes == {row.token: dial_in_code(row.token) for row in rows}


def test_a_mark_is_always_the_same_and_hardly_ever_that_of_another_page() -> None:
    tokens = [f"token-{number}" for number in range(200)]
    marks = list(map(mark_page, tokens))
    assert marks == list(map(mark_page, tokens))
    assert len(set(marks)) >= 195
    assert all(len(mark) == LENGTH and set(mark) <= set(LETTERS) for mark in marks)


def test_the_mark_is_no_part_of_the_token_by_which_a_page_is_opened() -> None:
    assert not any(mark_page(token).lower() in token for token in (f"{number:032x}" for number in range(500)))
