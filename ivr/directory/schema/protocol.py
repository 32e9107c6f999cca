"""protocols/*.yaml: what a clinical lead has approved to be asked, and what an answer raises the urgency to."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import URGENCIES, Day, Duration, Identifier, Language, Model, Some, Text, YesNo, one_of

MAX_QUESTIONS = 6
Urgency = Annotated[str, one_of(URGENCIES)]
Wording = Some[dict[Language, Text]]
Phrases = Some[dict[Language, Some[tuple[Text, ...]]]]


class SignOff(Model):
    """Who is clinically responsible for this version, since when and until when."""

    name: Text
    date: Day
    review_by: Day

    @model_validator(mode="after")
    def _forwards(self) -> SignOff:
        if self.review_by <= self.date:
            raise Unreadable("the review is due before the sign-off", "write a review_by after date")
        return self


class QuestionEntry(Model):
    """One yes-or-no question. ``listen`` are words that mean yes to it without being asked."""

    key: Identifier
    ask: Wording
    listen: Phrases
    raises_to: Urgency
    says_911: YesNo = False

    @model_validator(mode="after")
    def _emergent(self) -> QuestionEntry:
        if self.says_911 and self.raises_to != "emergent":
            raise Unreadable("the question says 911 below emergent", "write raises_to: emergent")
        return self


class RedFlagEntry(Model):
    """Phrases that raise the urgency at once wherever they are heard. Denial is never read out of them."""

    key: Identifier
    listen: Phrases
    raises_to: Urgency
    says_911: YesNo = False


class AnswerWithin(Model):
    """The longest a caller of each urgency waits for a clinician; the clinical lead's promise."""

    emergent: Duration
    urgent: Duration
    routine: Duration

    @model_validator(mode="after")
    def _ordered(self) -> AnswerWithin:
        if not self.emergent <= self.urgent <= self.routine:
            raise Unreadable("a more urgent caller waits longer", "order them emergent, urgent, routine")
        return self


def _bounded(value: tuple[QuestionEntry, ...]) -> tuple[QuestionEntry, ...]:
    if len(value) > MAX_QUESTIONS:
        raise Unreadable(f"{len(value)} questions are too many", f"ask at most {MAX_QUESTIONS}; a nurse asks the rest")
    ranks = [URGENCIES.index(question.raises_to) for question in value]
    if ranks != sorted(ranks):
        raise Unreadable("a question follows a less urgent one", "order questions from emergent to routine")
    return value


class ProtocolFile(Model):
    """The whole of one file in protocols/. Without ``sign_off`` it serves the demo only."""

    protocol: Identifier
    version: Text
    author: Text
    sign_off: SignOff | None = None
    otherwise: Urgency = "urgent"
    answer_within: AnswerWithin
    questions: Annotated[Some[tuple[QuestionEntry, ...]], AfterValidator(_bounded)]
    red_flags: tuple[RedFlagEntry, ...] = Field(default=())
