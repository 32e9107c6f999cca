"""What a caller must know to be recognised: enough of it, and nothing that everybody knows."""

from __future__ import annotations

from collections.abc import Iterator

from callflows.dialogues.identity import BY_CODE
from ivr.core.counting import counted
from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem, some
from ivr.directory.schema import PracticeFile

MIN_ITEMS, MAX_ITEMS = 2, 4
"""The Joint Commission asks for at least two identifiers; more than four are a questionnaire."""
SHARED = "phone_on_file"
"""An item that members of a family have in common."""
PUBLIC = ("name", "zip", "phone_on_file")
"""Items that stand in a telephone book, which makes nobody the patient."""
PROVING = ("date_of_birth", "mrn")
"""The others, of which one must be among the right ones."""


def problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the items of every practice, and with how many of them are needed."""
    for name, practice in draft.practices.items():
        file = file_of("practices", name)
        yield from _identity(draft, file, practice)
        yield from _known_to_all(draft, file, practice)


def _identity(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    identity, known = practice.identity, practice.identity.L1
    if not MIN_ITEMS <= known.need <= min(MAX_ITEMS, len(known.items)):
        what = f"L1 needs {known.need} of {counted(len(known.items), 'item')}"
        mend = f"write need from {MIN_ITEMS} to the number of items, and at most {MAX_ITEMS}"
        yield draft.problem(file, ("identity", "L1", "need"), what, mend)
    listed = {"items": known.items, "require": known.require}
    for key, items in listed.items():
        places = ((("identity", "L1", key, index), item) for index, item in enumerate(items))
        for place, item in repeated(places):
            yield draft.problem(file, place, f"{item} is listed twice", "list it once")
    if SHARED in known.items and len(known.items) == known.need == MIN_ITEMS:
        what = "families share a telephone, so that neither of two twins is ever recognised"
        mend = "list one more item, which is asked where two records are near"
        yield draft.problem(file, ("identity", "L1", "items"), what, mend, warning=True)
    for index, item in enumerate(known.require):
        yield from unknown(draft, file, ("identity", "L1", "require", index), "item", item, known.items)
    if (required := len(set(known.require))) > known.need:
        what = f"{counted(required, 'item is', 'items are')} required but only {known.need} needed"
        yield draft.problem(file, ("identity", "L1", "require"), what, "raise need, or require fewer")
    if not 1 <= identity.tries <= 5:
        what = f"{counted(identity.tries, 'try is', 'tries are')} out of bounds"
        yield draft.problem(file, ("identity", "tries"), what, "write 1 to 5; then a person takes over")


def _known_to_all(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    """An error where somebody is served by what everybody knows; a warning where a code is asked for besides."""
    known = practice.identity.L1
    public = [item for item in (*known.require, *known.items) if item in PUBLIC]
    enough = tuple(dict.fromkeys(public))[: known.need]
    asking = [one for one in practice.services.values() if one.level != "L0"]
    if set(known.require) & set(PROVING) or len(enough) < max(known.need, MIN_ITEMS) or not asking:
        return
    proving = next((item for item in PROVING if item in known.items), None)
    mend = f"write require: [{proving}]" if proving else "list date_of_birth too, and write require: [date_of_birth]"
    by_code = practice.identity.L2 is not None and all(one.level in BY_CODE for one in asking)
    what = f"{some(enough)} are enough to be taken for a patient, and stand in a telephone book"
    if by_code:
        what += ": nothing but the code proves who calls"
    yield draft.problem(file, ("identity", "L1", "need"), what, mend, warning=by_code)
