"""Figures of how well the ear hears, each with the range in which the truth is with 95 %."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

from ivr.hearing.heard import Class, Heard, Sureness, judge, sureness
from ivr.hearing.kinds import SERVICES
from ivr.hearing.sentences import Sentence

SURE_BY = 1.959964
"""Standard deviations on either side that hold 95 % of a normal distribution."""
DRAWS, SEED = 2000, 911
Trial = tuple[Sentence, Heard]
Question = Callable[[Sentence, Heard], bool]
PAGED = "paged without a confirmed answer", "paged, were it said where care has begun"


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``, and the range in which the true share is with 95 %."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; 0 of none."""
        return self.hits / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f}, {self.hits} of {self.total})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One question asked of one set, which is named first."""

    what: str
    share: Share


def languages(trials: Sequence[Trial]) -> list[tuple[str, list[Trial]]]:
    """The trials of each language."""
    names = sorted({sentence.language for sentence, _ in trials})
    return [(name, [trial for trial in trials if trial[0].language == name]) for name in names]


def share(hits: int, total: int) -> Share:
    """A share with the range of Wilson (1927), which is right for few and for shares near 0 and 1."""
    if not total:
        return Share(0, 0, 0.0, 1.0)
    part, square = hits / total, SURE_BY**2
    middle, spread = part + square / (2 * total), SURE_BY * sqrt(part * (1 - part) / total + square / (4 * total**2))
    low, high = ((middle + off) / (1 + square / total) for off in (-spread, spread))
    return Share(hits, total, max(0.0, low), min(1.0, high))


def share_by_group(answers: Iterable[tuple[str, bool]]) -> Share:
    """A share whose range allows for the choice of groups: whole groups are drawn again, as for others than these.

    It is the wider of that range and Wilson's.
    """
    groups: dict[str, list[bool]] = defaultdict(list)
    for group, hit in answers:
        groups[group].append(hit)
    counts = [(sum(hits), len(hits)) for hits in groups.values()]
    plain = share(sum(hits for hits, _ in counts), sum(total for _, total in counts))
    if len(counts) < 2:
        return plain
    chance = Random(SEED)
    drawn = sorted(_drawn(counts, chance) for _ in range(DRAWS))
    low, high = drawn[round(DRAWS * 0.025)], drawn[round(DRAWS * 0.975) - 1]
    return Share(plain.hits, plain.total, min(low, plain.low), max(high, plain.high))


def _drawn(counts: Sequence[tuple[int, int]], chance: Random) -> float:
    again = chance.choices(counts, k=len(counts))
    return sum(hits for hits, _ in again) / sum(total for _, total in again)


def asked(_sentence: Sentence, heard: Heard) -> bool:
    """Whether the caller is asked about an emergency."""
    return judge(heard) is Class.EMERGENT


def to_nurse(_sentence: Sentence, heard: Heard) -> bool:
    """Whether nobody but a nurse takes the call, asked or not."""
    return judge(heard) in (Class.EMERGENT, Class.CLINICAL)


def answered(_sentence: Sentence, heard: Heard) -> bool:
    """Whether one service was taken for the wish."""
    return judge(heard) is Class.OFFICE and sureness(heard) is Sureness.SURE


def right(sentence: Sentence, heard: Heard) -> bool:
    """Whether the likeliest service is the one that was wished."""
    return heard.service == sentence.label


def right_among_two(sentence: Sentence, heard: Heard) -> bool:
    """Whether one of the two likeliest is."""
    return sentence.label in (heard.service, heard.second)


def figures(trials: Sequence[Trial], paged: tuple[Question, Question] | None = None) -> list[Figure]:
    """Every figure of the sets that there are among ``trials``; those of pages where it is told what is ``paged``."""
    of = {kind: [trial for trial in trials if trial[0].kind == kind] for kind in {one.kind for one, _ in trials}}
    wishes = [trial for trial in (*of.get("office", ()), *of.get("errand", ())) if trial[0].label in SERVICES]
    taken = [trial for trial in wishes if answered(*trial)]
    table: list[tuple[str, Sequence[Trial] | None, Question]] = [
        ("emergent: asked about", of.get("emergent"), asked),
        ("emergent: asked about or to the nurse", of.get("emergent"), to_nurse),
        ("urgent: to the nurse or asked about", of.get("clinical"), to_nurse),
        ("urgent: asked about", of.get("clinical"), asked),
        ("office: asked about", of.get("office"), asked),
        ("office: to the nurse or asked about", of.get("office"), to_nurse),
        ("errand in frightening words: asked about", of.get("errand"), asked),
        ("errand in frightening words: to the nurse or asked about", of.get("errand"), to_nurse),
        ("off-topic: asked about", of.get("everyday"), asked),
        ("off-topic: to the nurse or asked about", of.get("everyday"), to_nurse),
        ("office and errand: right service of those answered", taken, right),
        ("office and errand: asked again", wishes, _asked_again),
        ("office and errand: right service among the best two", wishes, right_among_two),
    ]
    if paged is not None:
        table += [
            (f"{kind}: {where}", of.get(kind), question)
            for kind in ("office", "errand", "everyday")
            for where, question in zip(PAGED, paged, strict=True)
        ]
    return [Figure(what, _share_of(chosen, question)) for what, chosen, question in table if chosen]


def missed_by_group(trials: Sequence[Trial]) -> list[Figure]:
    """Of each group of red flags that is missed at all, how much is asked about, the worst first."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for sentence, heard in trials:
        if sentence.kind == "emergent":
            groups[sentence.key].append(asked(sentence, heard))
    found = [Figure(group, share(sum(hits), len(hits))) for group, hits in groups.items() if not all(hits)]
    return sorted(found, key=lambda figure: (figure.share.value, figure.what))


def _asked_again(sentence: Sentence, heard: Heard) -> bool:
    """Whether a wish was neither answered nor taken for illness: the caller must say more."""
    return not answered(sentence, heard) and not to_nurse(sentence, heard)


def _share_of(trials: Sequence[Trial], question: Question) -> Share:
    if trials[0][0].kind == "emergent":
        return share_by_group((sentence.key, question(sentence, heard)) for sentence, heard in trials)
    return share(sum(question(*trial) for trial in trials), len(trials))
