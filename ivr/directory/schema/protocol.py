"""protocols/*.yaml: what a clinical lead has approved to be asked, and what an answer raises the urgency to."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from callflows.values import AGES, GROUPS
from ivr.core.counting import counted
from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import (
    URGENCIES,
    Day,
    Duration,
    Fingerprint,
    Identifier,
    Language,
    Means,
    Model,
    OneOrMore,
    Some,
    Text,
    YesNo,
    one_of,
)

MAX_QUESTIONS = 14
"""In any one screening: about ten seconds each, and a nurse asks the rest."""
HELP_LINES = ("crisis", "poison")
Urgency = Annotated[str, one_of(URGENCIES)]
HelpLine = Annotated[str, one_of(HELP_LINES)]
Group = Annotated[str, one_of(GROUPS)]
Wording = Some[dict[Language, Text]]
Phrases = Some[dict[Language, Some[tuple[Text, ...]]]]


class SignOff(Model):
    """Who is clinically responsible for this version, since when and until when, and for which text."""

    name: Annotated[Text, Means("Who is clinically responsible.", "Dr Patel")]
    date: Annotated[Day, Means("The day it was signed.", "2026-09-14")]
    review_by: Annotated[Day, Means("The last day until which it may be used without another review.", "2027-09-14")]
    fingerprint: Annotated[
        Fingerprint | None,
        Means(
            "The fingerprint of the text that was signed; `sunline protocol sign` writes it.",
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        ),
    ] = None

    @model_validator(mode="after")
    def _forwards(self) -> SignOff:
        if self.review_by <= self.date:
            raise Unreadable("the review is due before the sign-off", "write a review_by after date")
        return self


class QuestionEntry(Model):
    """One yes-or-no question. ``listen`` are words that mean yes to it without being asked."""

    key: Annotated[Identifier, Means("The question's own name.", "breath_or_chest")]
    ask: Annotated[Wording, Means("Its words, by language.", "{en-US: Is it very hard to breathe?}")]
    listen: Annotated[
        Phrases, Means("Phrases that mean yes to it without its being asked, by language.", "{en-US: [can't breathe]}")
    ]
    raises_to: Annotated[Urgency, Means("The urgency that a yes raises the call to.", "emergent")]
    says_911: Annotated[YesNo, Means("Whether a yes is answered with the words to dial 911.", "true")] = False
    ages: Annotated[
        OneOrMore[Annotated[str, one_of(AGES)]],
        Means("The ages at which it is asked; left out: all that the protocol is for.", "newborn"),
    ] = AGES
    help_line: Annotated[HelpLine | None, Means("The help line that is offered after a yes.", "crisis")] = None

    @model_validator(mode="after")
    def _emergent(self) -> QuestionEntry:
        if self.says_911 and self.raises_to != "emergent":
            raise Unreadable("the question says 911 below emergent", "write raises_to: emergent")
        return self


class RedFlagEntry(Model):
    """Phrases that raise the urgency at once wherever they are heard. Denial is never read out of them."""

    key: Annotated[Identifier, Means("The red flag's own name.", "stroke")]
    listen: Annotated[Phrases, Means("The phrases, by language.", "{en-US: [having a stroke]}")]
    raises_to: Annotated[Urgency, Means("The urgency that it raises the call to.", "emergent")]
    says_911: Annotated[YesNo, Means("Whether it is answered with the words to dial 911.", "true")] = False
    help_line: Annotated[HelpLine | None, Means("The help line that is offered where it is heard.", "poison")] = None


class AnswerWithin(Model):
    """The longest a caller of each urgency waits for a clinician; the clinical lead's promise."""

    emergent: Annotated[Duration, Means("The longest that an emergent caller waits.", "5m")]
    urgent: Annotated[Duration, Means("The longest that an urgent caller waits.", "15m")]
    routine: Annotated[Duration, Means("The longest that any other caller waits.", "4h")]

    @model_validator(mode="after")
    def _ordered(self) -> AnswerWithin:
        if not self.emergent <= self.urgent <= self.routine:
            raise Unreadable("a more urgent caller waits longer", "order them emergent, urgent, routine")
        return self


def _bounded(value: tuple[QuestionEntry, ...]) -> tuple[QuestionEntry, ...]:
    most = max(sum(age in question.ages for question in value) for age in AGES)
    if most > MAX_QUESTIONS:
        raise Unreadable(
            f"{counted(most, 'question')} are too many", f"ask at most {MAX_QUESTIONS}; a nurse asks the rest"
        )
    for index, (before, question) in enumerate(pairwise(value), start=1):
        if URGENCIES.index(question.raises_to) < URGENCIES.index(before.raises_to):
            mend = "order questions from emergent to routine"
            raise Unreadable("a question follows a less urgent one", mend, (index, "raises_to"))
    return value


Listened = RedFlagEntry | QuestionEntry
"""What a protocol listens for."""


def phrases_of(one: Listened) -> tuple[str, ...]:
    """In every language: callers mix languages."""
    return tuple(phrase for phrases in one.listen.values() for phrase in phrases)


class ProtocolFile(Model):
    """The whole of one file in protocols/. Without ``sign_off`` it serves the demo only."""

    protocol: Annotated[Identifier, Means("The protocol's own id, the name of its file.", "adult-red-flags")]
    patients: Annotated[
        OneOrMore[Group],
        Means("For whom it was written: adult, child or pregnancy; left out: it does not say.", "adult"),
    ] = ()
    version: Annotated[Text, Means("Its version, kept with each call.", "2026-09")]
    author: Annotated[Text, Means("Who wrote it.", "Sunline sample")]
    sign_off: Annotated[
        SignOff | None,
        Means("Who signed it, since when and until when.", "{name: Dr Patel, date: 2026-09-14, review_by: 2027-09-14}"),
    ] = None
    otherwise: Annotated[Urgency, Means("The urgency of a symptom to which nothing here applies.", "urgent")] = "urgent"
    answer_within: Annotated[
        AnswerWithin,
        Means("How long callers of each urgency wait at most.", "{emergent: 5m, urgent: 15m, routine: 4h}"),
    ]
    questions: Annotated[
        Annotated[Some[tuple[QuestionEntry, ...]], AfterValidator(_bounded)],
        Means(
            "What is asked, one thing a question, from the highest acuity down; at most fourteen at any age.",
            "[{key: breath, ask: {en-US: Hard to breathe?}, listen: {en-US: [can't breathe]}, "
            "raises_to: emergent, says_911: true}]",
        ),
    ]
    red_flags: Annotated[
        tuple[RedFlagEntry, ...],
        Means(
            "What raises the urgency wherever it is heard.",
            "[{key: stroke, listen: {en-US: [stroke]}, raises_to: emergent, says_911: true}]",
        ),
    ] = Field(default=())

    @property
    def listened(self) -> tuple[Listened, ...]:
        """All that it listens for, red flags first."""
        return (*self.red_flags, *self.questions)
