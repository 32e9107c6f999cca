"""What somebody presses, says, or leaves unsaid."""

from __future__ import annotations

import re
from datetime import timedelta

from rehearsals import provisioning, reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step

PINS = {"PIN": provisioning.PIN, "wrong PIN": provisioning.WRONG_PIN}
SURE = 0.9
"""How sure the recogniser is where a step does not say."""
THE_CODE, WRONG_CODE = OWN_CODES = ("the code", "a wrong code")
CODE_OF = "'s code"
ORGANISATION = "the code of "
_CODE = re.compile(r"\b[0-9]{6}\b")
LONGEST_LISTENING = timedelta(minutes=1)


def code(written: object) -> str:
    """Digits, or the person's own PIN by name."""
    try:
        return PINS.get(str(written)) or reading.keys(written)
    except ValueError:
        raise ValueError('"PIN", "wrong PIN" or digits') from None


def keys_or_code(written: object) -> str:
    """Keys, or by name a code that came by text."""
    text = str(written)
    named = text.removesuffix(CODE_OF) != text or text.removeprefix(ORGANISATION) != text
    if text in OWN_CODES or (named and text not in (CODE_OF, ORGANISATION)):
        return text
    try:
        return reading.keys(written)
    except ValueError:
        codes = '"the code", "a wrong code", "WHO\'s code" or "the code of ORGANISATION"'
        raise ValueError(f"keys of a phone: 0-9 * #, or {codes}") from None


@step("{who} presses", keys_or_code, acts=True)
def presses(stage: Stage, asked: Step) -> None:
    """Keys one after another, starting now; the step ends with the last of them.

    "the code" is the one in the newest text to them, "a wrong code" another one; "caller's code" is the one in the
    newest text to the caller, who has read it out; "the code of lakeside" is that of a listed organisation.
    """
    _press(stage, asked.who, find_keys(stage, asked.who, str(asked.value)))


@step("{who} enters", code, acts=True)
def enters(stage: Stage, asked: Step) -> None:
    """Digits and then pound. "PIN" is the person's own, "wrong PIN" is not."""
    _press(stage, asked.who, f"{asked.value}#")


@step("{who} says", reading.words, acts=True, confidence=reading.share, misheard_as=reading.several)
def says(stage: Stage, asked: Step) -> None:
    """Words, starting now. The recogniser may be unsure of them, or take them for others, the likeliest first."""
    confidence = asked.options.get("confidence", SURE)
    guesses = [(text, _less(confidence, place)) for place, text in enumerate(asked.options.get("misheard as", ()))]
    stage.line(asked.who).say(asked.value, _less(confidence, len(guesses)), alternatives=tuple(guesses))
    stage.settle()


def _less(confidence: float, place: int) -> float:
    """Return how sure the recogniser is of its later guesses. What was really said is the last of them."""
    return round(confidence / (place + 1), 3)


@step("{who} is silent")
def is_silent(stage: Stage, asked: Step) -> None:
    """Nothing is pressed or said until the line gives up listening and asks for what comes next."""
    sid = stage.line(asked.who).call_sid

    def asked_for_more() -> int:
        return sum(entry.kind == "webhook" and entry.who == sid for entry in stage.net.trace)

    stage.world.settle()
    before = asked_for_more()
    if not stage.until(lambda: asked_for_more() > before, LONGEST_LISTENING):
        raise Unmet("the line to go on by itself", "it stayed silent for a minute")


def find_keys(stage: Stage, who: str, written: str) -> str:
    """The keys that ``who`` presses where a step names them so. Raises Unmet where a code has not come."""
    if written in OWN_CODES:
        right = _texted_code(stage, who)
        return right if written == THE_CODE else f"{(int(right) + 1) % 10 ** len(right):0{len(right)}}"
    if written.startswith(ORGANISATION):
        return _organisation_code(stage, written.removeprefix(ORGANISATION))
    return _texted_code(stage, written.removesuffix(CODE_OF)) if written.endswith(CODE_OF) else written


def _organisation_code(stage: Stage, name: str) -> str:
    """Return the code that was made for an organisation last. Raises Unmet where none was."""
    if name not in stage.organisation_codes:
        raise Unmet(f"a code of {name}", f'none was made: write "code is made for: {name}" before')
    return stage.organisation_codes[name]


def _texted_code(stage: Stage, who: str) -> str:
    """Return the code in the newest text to somebody. Raises Unmet where none has come."""
    found = [code for text in stage.phone(who).messages for code in _CODE.findall(text.body)]
    if not found:
        raise Unmet(f"a text to {who} with a code of six digits", "none came")
    return str(found[-1])


def _press(stage: Stage, who: str, keys: str) -> None:
    stage.line(who).press(keys)
    stage.lasts(timedelta(seconds=stage.net.options.key_spacing) * (len(keys) - 1))
