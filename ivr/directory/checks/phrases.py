"""Red flags: there are some, and none of their phrases is a word that everybody says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ivr.directory.checks.common_words import is_common
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import ProtocolFile
from ivr.directory.schema.protocol import QuestionEntry, RedFlagEntry
from ivr.directory.yaml_reader import Place
from ivr.hearing.phrases import words_of

BESIDE = frozenset({"the", "a", "an", "my", "his", "her", "our", "el", "la", "los", "las", "un", "una", "mi", "su"})
"""Words that make no phrase longer: "the pain" is heard as often as "pain"."""


def problems(draft: Draft) -> Iterator[Problem]:
    """Protocols without red flags, and phrases that would raise calls about anything, or never be heard."""
    for name, protocol in draft.protocols.items():
        file = file_of("protocols", name)
        if not protocol.red_flags:
            what = "the protocol has no red flags, so that nothing said outside its questions raises a call"
            yield draft.problem(
                file, ("red_flags",), what, "list under red_flags what is an emergency wherever it is said"
            )
        for place, language, phrase in _phrases(protocol):
            yield from _unfit(draft, file, place, language, phrase)


def _phrases(protocol: ProtocolFile) -> Iterator[tuple[Place, str, str]]:
    sections: dict[str, Sequence[QuestionEntry | RedFlagEntry]] = {
        "questions": protocol.questions,
        "red_flags": protocol.red_flags,
    }
    for section, entries in sections.items():
        for index, entry in enumerate(entries):
            for language, phrases in entry.listen.items():
                for number, phrase in enumerate(phrases):
                    yield (section, index, "listen", language, number), language, phrase


def _unfit(draft: Draft, file: str, place: Place, language: str, phrase: str) -> Iterator[Problem]:
    words = words_of(phrase)
    telling = [word for word in words if word not in BESIDE]
    if not words:
        what = f"the phrase {phrase!r} holds no word, so that it is never heard"
        yield draft.problem(file, place, what, "write words in the letters a to z, or remove it")
    elif not telling or (len(telling) == 1 and is_common(telling[0], language)):
        what = f"the phrase {phrase!r} is one common word, which raises calls about anything"
        mend = "write the words that make it an emergency, such as a symptom with it"
        yield draft.problem(file, place, what, mend, cause="one common word", about=repr(phrase))
