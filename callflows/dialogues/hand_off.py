"""What whoever is handed a call hears of it, in the order of a hand-off: who, what, how it was heard, what was done.

The first words take no longer than fifteen seconds. Whatever they leave out comes at a key, as often as it is wanted.
"""

from __future__ import annotations

from callflows.prompts import Line, line, own_words
from callflows.vocabulary import Known

SUMMARY_LETTERS = 210
"""About fifteen seconds, at fourteen letters a second."""
FEWEST_WORDS, FEWEST_ADDRESS = 30, 30
"""Letters of the caller's own words, and of where they said they are, that are said however long the rest is."""
MORE_LETTERS = 400
"""About half a minute of the caller's own words."""
LEVELS = ("L0", "L1", "L2", "L3", "P")

AGES = {
    "newborn": "page.age_newborn",
    "infant": "page.age_infant",
    "child": "page.age_child",
    "adult": "page.age_adult",
}
FLAGS = {
    "said": "page.flag_said",
    "ear": "page.flag_ear",
    "asked": "page.flag_asked",
    "worse": "page.flag_worse",
}
"""What is said of how an emergency was heard, by the fact."""


def patient_told(language: str, about: Known) -> tuple[Line, ...]:
    """How old the patient is, and how an emergency was heard, where either is known."""
    prompts = (AGES.get(about.get("age")), FLAGS.get(about.get("flag")))
    return tuple(line(prompt, language) for prompt in prompts if prompt)


def own_words_told(language: str, about: Known, beside: tuple[Line, ...]) -> tuple[Line, ...]:
    """The caller's own words and where they said they are, as long as they fit ``beside`` what else is told."""
    where = address_told(language, about.get("address")[:FEWEST_ADDRESS])
    frame = line("page.complaint", language, complaint="")
    left = SUMMARY_LETTERS - sum(len(one.spoken()) for one in (*beside, *where, frame))
    return (*words_told(language, about, max(FEWEST_WORDS, left)), *where)


def words_told(language: str, about: Known, letters: int) -> tuple[Line, ...]:
    """What the caller said, cut after so many letters; or that no words were recorded."""
    words = about.get("complaint")[:letters]
    said = line("page.complaint", language, complaint=words) if words else line("page.no_complaint", language)
    return (own_words(said.spoken(), language, private=True),)


def address_told(language: str, address: str) -> tuple[Line, ...]:
    """Where the caller said the patient is, where they did."""
    said = line("page.address", language, address=address).spoken()
    return (own_words(said, language, private=True),) if address else ()


def more_told(language: str, known: Known) -> tuple[Line, ...]:
    """Everything that the first words have no time for, in the same order."""
    told = (*words_told(language, known, MORE_LETTERS), *address_told(language, known.get("address")))
    return (*told, *screening_told(language, known), *done_told(language, known))


def screening_told(language: str, known: Known) -> tuple[Line, ...]:
    """How many questions of the screening were asked, and to which the answer was no clear no."""
    if known.get("asked") in ("", "0"):
        return (line("page.unscreened", language),)
    raised = known.get("raised")
    asked = line("page.screened", language, asked=known["asked"])
    if not raised:
        return (asked, line("page.all_no", language))
    return (asked, own_words(line("page.raised", language, raised=raised).spoken(), language, private=True))


def done_told(language: str, known: Known) -> tuple[Line, ...]:
    """How sure it is who called, and what was said and done so far."""
    level = known.get("level")
    prompts = (
        *(("page.told_911",) if known.get("told_911") else ()),
        *(("page.with_agent",) if known.get("with_agent") else ()),
        *(("page.promised",) if known.get("promised") else ()),
    )
    sure = (line("page.level", language, level=level),) if level in LEVELS else ()
    return (*sure, *(line(prompt, language) for prompt in prompts))
