"""Rules about the words of prompts, which need no walk: what is said, in which language, how long and how plainly."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callflows.prompts import CATALOGUES, DEFAULT_LANGUAGE
from callflows.prompts.emergency_911 import EMERGENCY
from callflows.proof.keys_said import keys_of
from callflows.proof.offered_keys import KEYS
from callflows.proof.reading_level import grade_of, sentences_in, words_in
from callflows.proof.unclaimed_prompts import PARTS

HANG_UP_AND_DIAL: Mapping[str, re.Pattern[str]] = {
    "en-US": re.compile(r"\bhang up and dial 911\b"),
    "es-US": re.compile(r"\bcuelgue y marque el 911\b"),
}
"""By language: what each of the 911 words must say."""

FORBIDDEN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en-US": (
        (r"is (this|it) an emergency\?", "the caller cannot judge that; say what to do if it is one"),
        (r"your call is important", "say what happens next"),
        (r"\binvalid\b|\bincorrect entry\b", "say that it was not understood"),
        (r"\byou (must|have to)\b", "say what to press or to do"),
        (r"don't worry|do not worry|calm down|nothing serious|that is (fine|normal)", "only a clinician may say so"),
        (r"\banswer(s|ed)?\b(?! with)", "somebody may have answered and passed it on; say who is coming"),
        (r"not sure[^.]*press 2", "whoever is not sure is asked to press the key for yes"),
    ),
    "es-US": (
        (r"¿(es|se trata de) una emergencia\?", "the caller cannot judge that; say what to do if it is one"),
        (r"su llamada es (muy )?importante", "say what happens next"),
        (r"inválid|entrada incorrecta", "say that it was not understood"),
        (r"\b(usted )?(debe|tiene que)\b", "say what to press or to do"),
        (r"no se preocupe|cálmese|no es grave|es normal", "only a clinician may say so"),
        (r"\bcontest", "somebody may have answered and passed it on; say who is coming"),
        (r"no está segur[oa][^.]*oprima 2", "whoever is not sure is asked to press the key for yes"),
    ),
}
"""By language: what is never said, as it is found in small letters, and why or what else to say."""

MOST_WORDS = 50
"""A prompt lasts at most 20 seconds at 150 words a minute, which is what older adults follow."""
LONGEST_SENTENCE = 20
HIGHEST_GRADE = 6
"""Of all prompts of a language together: what is written for patients asks for six years of school at most."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, and the mend."""

    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class PromptFault:
    """A fault of one prompt in one language; of no prompt where it is one of the whole language."""

    language: str
    prompt: str
    fault: Fault


Catalogues = Mapping[str, Mapping[str, str]]


def prompt_faults(catalogues: Catalogues = CATALOGUES) -> Iterator[PromptFault]:
    """Everything that is wrong with the prompts of a release."""
    known = dict.fromkeys(prompt for prompts in catalogues.values() for prompt in prompts)
    for language, prompts in catalogues.items():
        for prompt in known:
            text = prompts.get(prompt, "")
            for fault in _of_prompt(prompt, text, language, catalogues):
                yield PromptFault(language, prompt, fault)
        spoken = [text for prompt, text in prompts.items() if text.strip() and not prompt.startswith(PARTS)]
        for fault in level_faults(" ".join(map(_filled, spoken)), language):
            yield PromptFault(language, "", fault)


def _of_prompt(prompt: str, text: str, language: str, catalogues: Catalogues) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(f"{prompt} says nothing in {language}", "write its words")
        return
    if prompt in EMERGENCY[DEFAULT_LANGUAGE] and not HANG_UP_AND_DIAL[language].search(text):
        what = f"{prompt} does not tell in {language} to hang up and dial 911"
        yield Fault(what, f"write {HANG_UP_AND_DIAL[language].pattern.replace(chr(92) + 'b', '')} in it")
    yield from _as_in_others(prompt, text, language, catalogues)
    for fault in (*length_faults(_filled(text)), *forbidden_faults(text, language)):
        yield Fault(f"{prompt} in {language}: {fault.what}", fault.mend)


def _as_in_others(prompt: str, text: str, language: str, catalogues: Catalogues) -> Iterator[Fault]:
    usual = catalogues[DEFAULT_LANGUAGE].get(prompt, "")
    if usual.strip() and _blanks(text) != _blanks(usual):
        yield Fault(f"{prompt} has other blanks in {language} than in {DEFAULT_LANGUAGE}", "write the same ones")
    said = keys_of(text, language)
    if usual.strip() and said != keys_of(usual, DEFAULT_LANGUAGE):
        yield Fault(f"the keys of {prompt} are others in {language} than in {DEFAULT_LANGUAGE}", "offer the same ones")
    if missed := KEYS.get(prompt, {}).keys() - said:
        yield Fault(f"{prompt} does not offer {', '.join(sorted(missed))} in {language}", "say what the key is for")


def forbidden_faults(text: str, language: str) -> Iterator[Fault]:
    """What a text says and must not."""
    for pattern, mend in FORBIDDEN.get(language, ()):
        if found := re.search(pattern, text.lower()):
            yield Fault(f"it says {found[0]!r}", mend)


def length_faults(text: str, most: int = MOST_WORDS, longest: int = LONGEST_SENTENCE) -> Iterator[Fault]:
    """Whether a text is too long to be followed."""
    if (count := len(words_in(text))) > most:
        yield Fault(f"it is too long, with words: {count}", f"say it in {most} or fewer")
    if (count := max((len(words_in(one)) for one in sentences_in(text)), default=0)) > longest:
        yield Fault(f"a sentence of it is too long, with words: {count}", f"make it {longest} or fewer")


def level_faults(text: str, language: str) -> Iterator[Fault]:
    """Whether a text asks for more years of school than many callers have."""
    grade = grade_of(text, language)
    if grade > HIGHEST_GRADE:
        what = f"what is said in {language} is for school year {grade:.1f} and above"
        yield Fault(what, f"use shorter words and sentences, for school year {HIGHEST_GRADE} at most")


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


_BLANK = re.compile(r"\{\w+(?::([^|}]+)\|[^}]+)?\}")


def _filled(text: str) -> str:
    """A text as it is read: each blank is one word."""
    return _BLANK.sub(lambda blank: f"ten {blank[1]}" if blank[1] else "ten", text)
