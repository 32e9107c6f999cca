"""The questions of a protocol as they are spoken: nothing that is never said, and short and plain enough to follow."""

from __future__ import annotations

from collections.abc import Iterator

from callflows.prompts import languages
from callflows.proof.wording import forbidden_faults, length_faults, level_faults
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import ProtocolFile

MOST_WORDS, LONGEST_SENTENCE = 30, 25
"""Of one question: a caller who is ill has heard its end before its beginning is forgotten."""


def problems(draft: Draft) -> Iterator[Problem]:
    """Questions that say what must not be said, and a warning for those that are hard to follow."""
    for name, protocol in draft.protocols.items():
        file = file_of("protocols", name)
        for language in languages():
            yield from _questions(draft, file, protocol, language)
            asked = [question.ask[language] for question in protocol.questions if language in question.ask]
            for fault in level_faults(" ".join(asked), language) if asked else ():
                yield draft.problem(file, ("questions",), fault.what, fault.mend, warning=True)


def _questions(draft: Draft, file: str, protocol: ProtocolFile, language: str) -> Iterator[Problem]:
    for index, question in enumerate(protocol.questions):
        place, text = ("questions", index, "ask", language), question.ask.get(language, "")
        for fault in forbidden_faults(text, language):
            yield draft.problem(file, place, f"{question.key} in {language}: {fault.what}", fault.mend)
        for fault in length_faults(text, MOST_WORDS, LONGEST_SENTENCE):
            what = f"{question.key} in {language}: {fault.what}"
            yield draft.problem(file, place, what, fault.mend, warning=True, cause=fault.mend, about=question.key)
