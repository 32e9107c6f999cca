"""Reusable parts of a conversation: menus, digits, yes or no, language.

Every question survives silence and nonsense, repeats on star, and after a bounded number of tries gives
up in a way its caller can handle. ``0`` or "agent" leaves any of them for a person, and words of the protocol that
tell of a symptom leave any of them for a clinician; both travel as exceptions, so that a flow need not ask each time.
"""

from __future__ import annotations

from dataclasses import dataclass

from callflows.dialogues.red_flags import raises
from callflows.prompts import Line, line
from callflows.values import Call
from callflows.vocabulary import Answer, Ask, Dialogue, Pressed, Spoke

TRIES = range(3)
PERSON_WORDS = ("agent", "person", "operator", "representative", "human", "agente", "persona", "operadora", "operador")
MAX_REPEATS = range(2)


class WantsPerson(Exception):
    """The caller asked for a person, or could not be understood often enough."""


class NotUnderstood(WantsPerson):
    """Silence and nonsense, as often as we ask."""


class SymptomHeard(Exception):
    """The caller said something that the protocol listens for. ``words`` are private."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a menu: a key, or one of its words."""

    key: str
    value: str
    words: tuple[str, ...] = ()


def menu(
    call: Call, key: str, lines: tuple[Line, ...], options: tuple[Option, ...], *, speech: bool = True
) -> Dialogue:
    """Ask until one of ``options`` is chosen and return its value. Raises NotUnderstood after three tries."""
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        answer = yield Ask(
            f"{key}/{attempt}",
            (*preface, *lines),
            speech=speech,
            hints=tuple(word for option in options for word in option.words),
            language=call.language,
        )
        value = chosen(call, answer, options)
        if value:
            return value
        preface = again(call, answer)
    raise NotUnderstood


def yes_or_no(call: Call, key: str, lines: tuple[Line, ...]) -> Dialogue:
    """Ask for 1 (yes) or 2 (no). Returns "yes", "no", or "unclear" after three tries."""
    try:
        answer = yield from menu(call, key, lines, YES_NO)
    except NotUnderstood:
        return "unclear"
    return answer


def digits(call: Call, key: str, lines: tuple[Line, ...], count: int | None) -> Dialogue:
    """Ask for ``count`` digits (None: until pound) and return them. Raises NotUnderstood after three tries."""
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        answer = yield Ask(f"{key}/{attempt}", (*preface, *lines), digits=count, timeout=10, language=call.language)
        keyed = answer.digits if isinstance(answer, Pressed) else ""
        if keyed == "0":
            raise WantsPerson
        if keyed.isdigit() and (count is None or len(keyed) == count):
            return keyed
        preface = again(call, answer)
    raise NotUnderstood


def free_words(call: Call, key: str, lines: tuple[Line, ...]) -> Dialogue:
    """Ask what the matter is. Returns the words, empty when nothing was said. Raises WantsPerson at ``0`` only:

    whatever is said is the matter itself ("a person fell"), and is not judged here.
    """
    for attempt in MAX_REPEATS:
        answer = yield Ask(f"{key}/{attempt}", lines, speech=True, language=call.language)
        if answer == Pressed("0"):
            raise WantsPerson
        if isinstance(answer, Spoke) and answer.words:
            return answer.words
    return ""


def choose_language(call: Call) -> Dialogue:
    """Let the caller pick a language that the practice speaks. Returns the call, held in that language.

    Whoever does not choose is served in the practice's first language.
    """
    languages = call.practice.languages
    call = call.speaking(languages[0])
    if len(languages) == 1:
        return call
    answer = yield Ask("language", language_lines(languages), speech=False, language=call.language, timeout=5)
    picked = answer.digits if isinstance(answer, Pressed) else ""
    index = int(picked) - 1 if picked.isdigit() else 0
    return call.speaking(languages[index]) if 0 <= index < len(languages) else call


def language_lines(languages: tuple[str, ...]) -> tuple[Line, ...]:
    """The choice, each in its own language."""
    return tuple(
        line("language.option", language, key=str(number)) for number, language in enumerate(languages, start=1)
    )


def chosen(call: Call, answer: Answer, options: tuple[Option, ...]) -> str:
    """The value picked, or "" for silence, star and nonsense."""
    if isinstance(answer, Spoke):
        return _spoken(call, answer.words, options)
    pressed = answer.digits if isinstance(answer, Pressed) else ""
    if pressed == "0":
        raise WantsPerson
    return next((option.value for option in options if option.key == pressed), "")


def again(call: Call, answer: Answer) -> tuple[Line, ...]:
    """What to say before asking the same thing once more."""
    if isinstance(answer, Pressed) and answer.digits == "*":
        return ()
    heard_something = isinstance(answer, Pressed | Spoke)
    return call.lines("sorry.unclear" if heard_something else "sorry.silence")


def _spoken(call: Call, words: str, options: tuple[Option, ...]) -> str:
    protocol = call.practice.protocol
    if raises(words, protocol.red_flags) or raises(words, protocol.symptoms):
        raise SymptomHeard(words)
    if raises(words, PERSON_WORDS):
        raise WantsPerson
    return next((option.value for option in options if raises(words, option.words)), "")


YES_NO = (
    Option("1", "yes", ("yes", "yeah", "si", "correct")),
    Option("2", "no", ("no", "nope")),
)
