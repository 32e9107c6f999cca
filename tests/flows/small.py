"""Smaller practices than the samples, for the walks that are part of every test run.

Each stands in for a sample under its label: it differs from other practices in the same way and offers less beside it,
or its callers are not taken over, or are cut off and handed on less often before their call ends otherwise. The samples
themselves are walked by ``make thorough``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callflows.proof import samples
from callflows.proof.graph import Subject
from callflows.proof.subjects import caller_subjects, sample_subjects
from callflows.values import Call, Patience

_USUAL = samples.call(samples.practice(samples.NURSE, protocol=samples.PROTOCOL, state="IL"))
_HIDDEN = samples.call(samples.practice(samples.RESULTS), caller_id=False)
_ABROAD = replace(_HIDDEN, abroad=True)
_TWO_LANGUAGES = samples.call(samples.practice(samples.LETTERS, languages=("es-US", "en-US")))

SAMPLES = sample_subjects()
BRIEF = Patience(rounds=2, talks=2)
"""Once more of everything that may come again, and the end of what has come too often."""


def made_brief(subject: Subject) -> Subject:
    """The same where a caller's call turns less often before it ends."""
    told = subject.told
    return replace(subject, told=replace(told, patience=BRIEF)) if isinstance(told, Call) else subject


def _smaller(label: str, call: Call) -> Subject:
    return made_brief(caller_subjects(label, call)[0])


def _left_alone(subject: Subject) -> Subject:
    return replace(subject, world=replace(subject.world, takeovers=0))


def _sample(label: str) -> Subject:
    return next(one for one in SAMPLES if one.label == label)


SMALLER: Mapping[str, Subject] = {
    "a usual practice": _smaller("a usual practice", _USUAL),
    "hidden numbers": _left_alone(_smaller("hidden numbers", _HIDDEN)),
    "numbers abroad": _left_alone(_smaller("numbers abroad", _ABROAD)),
    "two languages": _smaller("two languages", _TWO_LANGUAGES),
    **{
        label: made_brief(_left_alone(_sample(label)))
        for label in (
            *(
                "no nurses",
                "a protocol for each group",
                "a help line",
                "two kinds of care",
                "messages",
                "call-backs",
                "record numbers, once",
            ),
            *("phones on file, once", "names and one more item", "callers for others"),
            *("open hours that differ", "nothing clinical"),
        )
    },
    # One walk with all the patience there is.
    "recorded always": _left_alone(_sample("recorded always")),
}
"""What stands in for the inbound flow of some samples."""


def _small(one: Subject) -> Subject:
    if one.flow == "inbound":
        return SMALLER.get(one.label, one)
    if one.flow == "backline":
        return made_brief(_left_alone(one) if one.label == "hidden numbers" else one)
    return one


SMALL = tuple(map(_small, SAMPLES))
BIG = tuple(one for one in SAMPLES if one not in SMALL)
