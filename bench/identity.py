"""How well callers are told from others by what they say: the EVI dialogues (en-GB), beside plain matchers.

Our numbers are fitted on one half of the speakers and measured on the other, and crossed. At the decision, what is
shipped is measured, which was fitted on all of them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.rig.evi import LANGUAGE, Dialogue, Evi, read_evi
from bench.rig.fit_identity import fit
from bench.rig.identity_trials import (
    ITEMS_SAID,
    KINDS,
    RANDOM,
    Impostors,
    Scores,
    cost_of_evidence,
    equal_errors,
    false_rejections,
    halves,
    scored,
    together,
    weighing,
    wilson,
)
from bench.rig.plain_matchers import exact, fuzzy
from bench.rows import Baseline, Row, reported, within
from callflows.identity import ITEMS, Held, Rule, choose, decide, find_standing, read_dates
from callflows.identity.evidence import Weigher, weigher

OTHERS, NEAR_OTHERS = 12, 5
"""Profiles that a dialogue is held against: random ones, and those of each kind that is near."""
FEW_OTHERS, FEW_DIALOGUES = 4, 60
"""The same in the small form, and its dialogues."""
MOST_REJECTED, MOST_EQUAL_ERRORS = 8.0, 4.0
"""Percent. The best that was published is 18.9 and 11.3 (Spithourakis et al., 2022)."""
MOST_MILLISECONDS = 1.0
MADE_UP = Held("Rosalind Okonkwo-Hart", "1974-09-08", "60614", "MX20417", "+13125550142")
SPOKEN: Mapping[str, Sequence[tuple[str, ...]]] = {
    "name": (("rosalyn a conquer heart", "rosalind okonkwo heart"), ("r o s a l i n d",)),
    "date_of_birth": (("september the eighth nineteen seventy four", "september eighth 1970 4"),),
    "zip": (("six oh six fourteen", "606 14"),),
    "mrn": (("m as in mary x two oh four seventeen",),),
    "phone_on_file": (("three one two double five five oh one four two",),),
}
AT_DECISION = {
    "date of birth and postcode": ("date_of_birth", "zip"),
    "date of birth and name": ("date_of_birth", "name"),
    "all three": ITEMS_SAID,
}


def measure(quick: bool = False) -> list[Row]:
    """Shares of callers rejected and of others accepted, with 95 % intervals, and how long one comparison takes.

    Without the shared data only the last.
    """
    rows = list(_speed(20 if quick else 400))
    if not (Path(os.environ.get("SUNLINE_TEST_DATA") or "nowhere") / "evi").is_dir():
        return [*rows, reported("EVI dialogues in SUNLINE_TEST_DATA", 0, "dialogues")]
    evi = read_evi()
    chosen = evi.dialogues[:FEW_DIALOGUES] if quick else evi.dialogues
    others = Impostors(evi, *((FEW_OTHERS, FEW_OTHERS) if quick else (OTHERS, NEAR_OTHERS)))
    return [*rows, *_floor(evi, chosen), *_crossed(evi, chosen, others), *_decided(evi, chosen, others)]


def _speed(times: int) -> Iterator[Row]:
    """Time of the processor for one item of one record, reading what was said included."""
    start = time.process_time()
    for _ in range(times):
        decide(SPOKEN, [MADE_UP], Rule())
    one = (time.process_time() - start) * 1000 / times / len(SPOKEN)
    yield within("an item held against one record", one, "ms", MOST_MILLISECONDS)
    start = time.process_time()
    weighers = {item: weigher(item, said, "en-US") for item, said in SPOKEN.items()}
    for _ in range(times):
        for item, weighs in weighers.items():
            weighs(getattr(MADE_UP, item))
    each = (time.process_time() - start) * 1000 / times / len(SPOKEN)
    yield within("an item held against each further record", each, "ms", MOST_MILLISECONDS)


def _floor(evi: Evi, dialogues: Sequence[Dialogue]) -> Iterator[Row]:
    """What no matcher can mend: dialogues that do not hold the item."""
    yield reported("dialogues, one profile each", len(dialogues), "dialogues")
    for item in ITEMS_SAID:
        silent = sum(not any(text.strip() for answer in one.said[item] for text in answer) for one in dialogues)
        yield reported(f"nothing transcribed of {item} at any attempt", silent, "dialogues")
    yield reported("two items of another's profile, none of their own", _strangers(evi, dialogues), "dialogues")


def _strangers(evi: Evi, dialogues: Sequence[Dialogue]) -> int:
    """Dialogues whose caller plainly spoke for another profile: it shares two items with what was said."""
    by_date: dict[str, list[Held]] = {}
    for held in evi.profiles:
        by_date.setdefault(held.date_of_birth, []).append(held)
    return sum(_is_stranger(one, evi.profiles[one.profile], by_date) for one in dialogues)


def _is_stranger(dialogue: Dialogue, own: Held, by_date: Mapping[str, Sequence[Held]]) -> bool:
    weighers = {item: weigher(item, dialogue.said[item], LANGUAGE) for item in ITEMS_SAID}
    if any(weighers[item](getattr(own, item)).agrees for item in ITEMS_SAID):
        return False
    dates = {each for answer in dialogue.said["date_of_birth"] for each in read_dates(answer, LANGUAGE)}
    near = [held for born in sorted(dates) for held in by_date.get(born, ())]
    return any(weighers["name"](held.name).agrees or weighers["zip"](held.zip).agrees for held in near)


def _crossed(evi: Evi, dialogues: Sequence[Dialogue], impostors: Impostors) -> Iterator[Row]:
    """Fitted on each half of the speakers, measured on the other."""
    one, other = halves(dialogues)
    folds = [(one, fit(evi, other)), (other, fit(evi, one))]

    def ours(items: Sequence[str] = ITEMS_SAID, attempts: slice = slice(None)) -> Scores:
        first, second = (scored(evi, half, impostors, weighing(items, attempts, by)) for half, by in folds)
        return together(first, second)

    whole, peer = ours(), scored(evi, dialogues, impostors, fuzzy())
    yield from _targets(whole, peer)
    yield from _peers(evi, dialogues, impostors)
    for kind in KINDS[1:]:
        yield _rejections(f"all items, {kind}", whole, peer, kind)
    for item in ITEMS_SAID:
        yield _rejections(f"{item} alone", ours((item,)), scored(evi, dialogues, impostors, fuzzy((item,))))
    for attempt in range(3):
        only = slice(attempt, attempt + 1)
        plain = scored(evi, dialogues, impostors, fuzzy(attempts=only))
        yield _rejections(f"all items, attempt {attempt + 1} alone", ours(attempts=only), plain)


def _targets(ours: Scores, peer: Scores) -> Iterator[Row]:
    own, others = ours.own, ours.others[RANDOM]
    rejected, interval = _percent(false_rejections(own, others), len(own))
    yield within(f"rejected at 1 in 1 000 random others accepted{interval}", rejected, "%", MOST_REJECTED)
    equal, spread = _percent(round(equal_errors(own, others) * len(own)), len(own))
    yield within(f"equal errors, random others{spread}", equal, "%", MOST_EQUAL_ERRORS)
    hard = [score for kind in KINDS[1:] for score in ours.others[kind]]
    rejected, interval = _percent(false_rejections(own, hard), len(own))
    yield within(f"rejected at 1 in 1 000 of all near others accepted{interval}", rejected, "%", MOST_REJECTED)
    cost = cost_of_evidence(own, others)
    yield reported("cost of the evidence (Cllr, 1 says nothing)", cost, "bits")
    yield reported("equal errors of the plain fuzzy matcher", equal_errors(peer.own, peer.others[RANDOM]) * 100, "%")


def _peers(evi: Evi, dialogues: Sequence[Dialogue], impostors: Impostors) -> Iterator[Row]:
    plain = scored(evi, dialogues, impostors, exact())
    rejected, interval = _percent(false_rejections(plain.own, plain.others[RANDOM]), len(plain.own))
    yield reported(f"rejected by the plain exact matcher{interval}", rejected, "%")
    yield reported("its equal errors", equal_errors(plain.own, plain.others[RANDOM]) * 100, "%")


def _rejections(what: str, ours: Scores, peer: Scores, kind: str = RANDOM) -> Row:
    """Rejections at 1 in 1 000 accepted, beside those of the plain fuzzy matcher."""
    rejected, interval = _percent(false_rejections(ours.own, ours.others[kind]), len(ours.own))
    plain, _ = _percent(false_rejections(peer.own, peer.others[kind]), len(peer.own))
    baseline = Baseline("plain fuzzy", plain) if plain else None
    return reported(f"rejected at 1 in 1 000, {what}{interval}", rejected, "%", baseline)


def _decided(evi: Evi, dialogues: Sequence[Dialogue], impostors: Impostors) -> Iterator[Row]:
    """What becomes of callers at our own decision, with the numbers that are shipped."""
    for what, items in AT_DECISION.items():
        said = [(one, _read(one, items)) for one in dialogues]
        right = sum(_is_one(each, evi.profiles[one.profile]) for one, each in said)
        rejected, interval = _percent(len(said) - right, len(said))
        yield reported(f"decision, {what}: rejected{interval}", rejected, "%")
        for kind in KINDS:
            tries = [_is_one(each, held) for one, each in said for held in impostors.of(one, kind)]
            accepted, interval = _percent(sum(tries), len(tries))
            yield reported(f"decision, {what}: accepted of {len(tries)} {kind}{interval}", accepted, "%")


def _read(dialogue: Dialogue, items: Sequence[str]) -> dict[str, Weigher]:
    return {item: weigher(item, dialogue.said[item] if item in items else (), LANGUAGE) for item in ITEMS}


def _is_one(read: Mapping[str, Weigher], held: Held) -> bool:
    return choose([find_standing(read, held)], Rule()).kind == "one"


def _percent(count: int, of: int) -> tuple[float, str]:
    low, high = wilson(count, of)
    return 100 * count / of, f" (95 %: {100 * low:.2g} to {100 * high:.2g})"
