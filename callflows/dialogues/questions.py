"""Reusable parts of a conversation: menus, digits, yes or no, language.

Every question listens for speech. It survives silence and nonsense, repeats on star, and after a bounded number of
tries gives up in a way its caller can handle. Words that tell of an illness leave any of them for a clinician, and
``0`` or "agent" for a person; both travel as exceptions, so that a flow need not ask each time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from callflows.prompts import Line, line
from callflows.values import Call
from callflows.vocabulary import Answer, Ask, AskMeanwhile, Dialogue, Joined, NobodyCame, Pressed, Silence, Spoke
from callflows.vocabulary.hearing import CALM, EMERGENT, NO, PERSON, UNJUDGED, YES

TRIES = range(3)
REPEATS = range(2)
"""How often star repeats a question before it costs a try as other answers do: nobody may listen for ever."""
STAR = Pressed("*")

TOLD = "told"
"""A danger that was told by a key, or taken for one as nothing was understood: nobody need ask whether it is so."""

GONE, TAKEN_OVER = "gone", "taken-over"
"""How a caller left the question whether somebody is ill: until it is answered, somebody is."""


class WantsPerson(Exception):
    """The caller asked for a person, or could not be understood often enough."""


class NotUnderstood(WantsPerson):
    """Silence and nonsense, as often as we ask."""


class SymptomHeard(Exception):
    """The caller told of an illness. ``words`` are private, and ``help_line`` is the one to offer for it, if one is.

    ``danger`` is ILL, SUSPECT, EMERGENT, GRAVE or FLAGGED, as heard, or says how else we know: TOLD, PERSON, GONE,
    TAKEN_OVER. ``number`` is the one that they gave to be called back at before, if they did.
    """

    def __init__(self, words: str = "", danger: str = TOLD, help_line: str = "", number: str = "") -> None:
        super().__init__()
        self.words = words
        self.danger = danger
        self.help_line = help_line
        self.number = number


class SearchEnded(Exception):
    """While a question was asked somebody came, or the last who could come did not: ``answer`` says which."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a menu: a key, or a wish of the same name as its ``value``.

    ``reply`` is the plain yes or no that means it, where one does.
    """

    key: str
    value: str
    reply: str = ""


def menu(call: Call, key: str, lines: tuple[Line, ...], options: tuple[Option, ...]) -> Dialogue:
    """Ask until one of ``options`` is chosen and return its value. Raises NotUnderstood after three tries."""
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        answer = yield ask(call, f"{key}/{attempt}", (*preface, *lines), options)
        value = chosen(call, answer, options)
        if value:
            return value
        preface = again(call, answer)
    raise NotUnderstood


def choice(call: Call, key: str, lines: tuple[Line, ...], options: tuple[Option, ...], *, item: str = "") -> Dialogue:
    """The same as :func:`menu`, where a yes or a no may mean an option, and star costs no try."""
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        answer = yield from repeatable(ask(call, f"{key}/{attempt}", lines, options, item=item), preface)
        value = chosen(call, answer, options) or replied(call, answer, options)
        if value:
            return value
        preface = again(call, answer)
    raise NotUnderstood


def repeatable(question: Ask, preface: tuple[Line, ...] = ()) -> Dialogue:
    """Ask a question, with ``preface`` before it the first time, and repeat it on star. Returns the answer.

    That is star where it was pressed once more. :func:`keys_asked` has under which keys answers are kept.
    """
    answer = yield replace(question, lines=(*preface, *question.lines))
    for repeat in REPEATS:
        if answer != STAR:
            break
        answer = yield replace(question, key=repeat_key(question.key, repeat))
    return answer


def repeat_key(key: str, repeat: int) -> str:
    """The key of a question that is repeated."""
    return f"{key}/again/{repeat}"


def keys_asked(key: str) -> tuple[str, ...]:
    """Every key under which a question that star repeats may have been answered, in the order of asking."""
    return (key, *(repeat_key(key, repeat) for repeat in REPEATS))


def ask(
    call: Call, key: str, lines: tuple[Line, ...], options: tuple[Option, ...] = (), *, timeout: int = 7, item: str = ""
) -> Ask:
    """The question for one key or words, in the caller's language. ``timeout`` is in seconds, ``item`` as of Ask."""
    wishes = tuple(option.value for option in options)
    kind = kind_of_question(call)
    return kind(key, lines, speech=True, wishes=wishes, language=call.language, timeout=timeout, item=item)


def kind_of_question(call: Call) -> type[Ask]:
    """How questions are asked: where somebody is being rung already, their coming goes before the answer."""
    return AskMeanwhile if call.paged else Ask


def yes_or_no(call: Call, key: str, lines: tuple[Line, ...]) -> Dialogue:
    """Ask for 1 (yes) or 2 (no). Returns YES, NO or DOUBT, or "unclear" after three tries."""
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        answer = yield ask(call, f"{key}/{attempt}", (*preface, *lines))
        reply = reply_of(call, answer)
        if reply:
            return reply
        preface = again(call, answer)
    return "unclear"


def digits(call: Call, key: str, lines: tuple[Line, ...], count: int | None, *, tries: range = TRIES) -> Dialogue:
    """Ask for ``count`` digits (None: until pound) and return them. Raises NotUnderstood after that many tries."""
    preface: tuple[Line, ...] = ()
    for attempt in tries:
        asked, kind = (*preface, *lines), kind_of_question(call)
        answer = yield kind(f"{key}/{attempt}", asked, digits=count, speech=True, timeout=10, language=call.language)
        judge(call, answer)
        keyed = answer.digits if isinstance(answer, Pressed) else ""
        if keyed.isdigit() and (count is None or len(keyed) == count):
            return keyed
        preface = again(call, answer)
    raise NotUnderstood


def choose_language(call: Call) -> Dialogue:
    """Let the caller pick a language that the practice speaks. Returns the call, held in that language, and the answer.

    Whoever does not choose is served in the practice's first language. What else the answer tells is for the caller of
    this to judge, in the language that was chosen: an illness told with "español" is answered in Spanish.
    """
    languages = call.practice.languages
    call = call.speaking(languages[0])
    if len(languages) == 1:
        return call, Silence()
    options = tuple(Option(str(number), language) for number, language in enumerate(languages, start=1))
    answer = yield ask(call, "language", language_lines(languages), options, timeout=5)
    return call.speaking(picked(answer, options) or languages[0]), answer


def judge_language(call: Call, answer: Answer) -> None:
    """Raise SymptomHeard where whoever chose a language told of an illness. Nobody is offered a person yet."""
    try:
        judge(call, answer)
    except WantsPerson:
        return


def language_lines(languages: tuple[str, ...]) -> tuple[Line, ...]:
    """The choice, each in its own language."""
    return tuple(
        line("language.option", language, key=str(number)) for number, language in enumerate(languages, start=1)
    )


def chosen(call: Call, answer: Answer, options: tuple[Option, ...]) -> str:
    """The value picked, or "" for silence, star and nonsense. Raises as :func:`judge` does."""
    judge(call, answer)
    return picked(answer, options)


def picked(answer: Answer, options: tuple[Option, ...]) -> str:
    """The value that a key or words pick, or ""."""
    pressed = answer.digits if isinstance(answer, Pressed) else ""
    return wished(answer, options) or next((option.value for option in options if option.key == pressed), "")


def replied(call: Call, answer: Answer, options: tuple[Option, ...]) -> str:
    """The value that a yes or a no means, or ""."""
    reply = reply_of(call, answer)
    return next((option.value for option in options if reply and option.reply == reply), "")


def wished(answer: Answer, options: tuple[Option, ...]) -> str:
    """The value that words wish for, or ""."""
    wish = answer.wish if isinstance(answer, Spoke) else ""
    return next((option.value for option in options if wish and wish == option.value), "")


def judge(call: Call, answer: Answer) -> None:
    """Raise SymptomHeard at words that tell of what is news in ``call``, and WantsPerson at ``0`` or its words.

    An illness goes before a person. Raises SearchEnded where somebody came instead of an answer.
    """
    if isinstance(answer, Joined | NobodyCame):
        raise SearchEnded(answer)
    if answer == Pressed("0"):
        raise WantsPerson
    if isinstance(answer, Spoke):
        if danger_of(answer) in call.alarms:
            raise SymptomHeard(answer.words, danger_of(answer), help_line_in(call, answer), call.number)
        if answer.wish == PERSON and not answer.reply:
            raise WantsPerson


def reply_of(call: Call, answer: Answer) -> str:
    """YES, NO, DOUBT or "". A no counts only in words that tell of no illness. Raises as :func:`judge` does."""
    judge(call, answer)
    if isinstance(answer, Spoke):
        return answer.reply if answer.reply != NO or danger_of(answer) == CALM else ""
    return {Pressed("1"): YES, Pressed("2"): NO}.get(answer, "") if isinstance(answer, Pressed) else ""


def help_line_in(call: Call, answer: Answer) -> str:
    """The help line to offer for what was heard in an answer, or ""."""
    return call.help_line_for(answer.flag) if isinstance(answer, Spoke) else ""


def danger_of(answer: Spoke) -> str:
    """What words tell of; EMERGENT where nothing has judged them."""
    return EMERGENT if answer.danger == UNJUDGED else answer.danger


def is_alarming(answer: Answer) -> bool:
    """Whether words tell of any illness at all."""
    return isinstance(answer, Spoke) and danger_of(answer) != CALM


def again(call: Call, answer: Answer) -> tuple[Line, ...]:
    """What to say before asking the same thing once more."""
    if answer == STAR:
        return ()
    heard_something = isinstance(answer, Pressed | Spoke)
    return call.lines("sorry.unclear" if heard_something else "sorry.silence")


def is_worse(came: Answer) -> bool:
    """Whether a wait ended because the caller told that it gets worse, by the key or in words."""
    return came == Pressed("2") or isinstance(came, Spoke)


def raise_if_worse(call: Call, came: Answer) -> None:
    """Raise SymptomHeard where a wait ended because it gets worse."""
    if isinstance(came, Spoke):
        raise SymptomHeard(came.words, danger_of(came), help_line_in(call, came), call.number)
    if is_worse(came):
        raise SymptomHeard(number=call.number)
