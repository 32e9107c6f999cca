"""Interpreters: each is one, for callers there are; and where one is missing."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.checks.names import repeated
from ivr.directory.draft import OPERATOR, Draft, file_of
from ivr.directory.interpreters import uninterpreted
from ivr.directory.problems import Problem


def problems(draft: Draft) -> Iterator[Problem]:
    """Doubled interpreters, languages that no practice is called in, and those that nobody interprets."""
    interpreters = draft.operator.interpreters
    ids = ((("interpreters", index, "id"), one.id) for index, one in enumerate(interpreters))
    for place, name in repeated(ids):
        yield draft.problem(OPERATOR, place, f"two interpreters have the id {name!r}", "give each an id of their own")
    lines = ((("interpreters", index), (one.number, one.keys)) for index, one in enumerate(interpreters))
    for place, _ in repeated(lines):
        what = "this interpreter has the number and the keys of another"
        yield draft.problem(OPERATOR, place, what, "write all languages with the first, or give this one its own keys")
    yield from _languages(draft)
    yield from _missing(draft)


def _languages(draft: Draft) -> Iterator[Problem]:
    called_in = {language for practice in draft.practices.values() for language in practice.languages}
    for index, one in enumerate(draft.operator.interpreters):
        for number, language in enumerate(one.languages):
            if language not in called_in:
                place = ("interpreters", index, "languages", number)
                mend = "add it to the languages of a practice, or remove it here"
                yield draft.problem(OPERATOR, place, f"no practice is called in {language}", mend, warning=True)


def _missing(draft: Draft) -> Iterator[Problem]:
    for name, practice in draft.practices.items():
        for language in uninterpreted(draft.operator, practice):
            place = ("languages", practice.languages.index(language))
            what = f"nobody interprets {language}, so only agents who speak it can answer"
            mend = "name an interpreter for it in operator.yaml, or write relax without interpreter for each service"
            yield draft.problem(file_of("practices", name), place, what, mend, warning=True)
