"""What a speech recogniser makes of an utterance: n-best guesses, and hints that lift one of them (Twilio: Gather)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Guess:
    """One reading of what was said. ``confidence`` is None where the recogniser reports none."""

    text: str
    confidence: float | None


def understood(guesses: Sequence[Guess], hints: Sequence[str], lift: float) -> Guess:
    """The guess a Gather reports.

    Twilio publishes no rule for this, so it is our model: the most confident guess wins; one that contains a hint word
    for word counts as ``lift`` more confident; of equals the earlier wins. The winner reports its own confidence.
    """
    if len(guesses) == 1:
        return guesses[0]
    return max(guesses, key=lambda guess: (guess.confidence or 0.0) + (lift if _hinted(guess.text, hints) else 0.0))


def _hinted(text: str, hints: Sequence[str]) -> bool:
    said = _plain(text)
    return any(hint and f" {hint} " in f" {said} " for hint in map(_plain, hints))


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))
