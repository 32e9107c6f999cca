"""What pages a clinician before the caller has answered any question: for measuring how often that is without need.

At the first menu only a phrase that a clinical lead signed as an emergency does. What the ear alone hears is asked
about there; where care has begun already it pages too, if it is grave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ivr.core.errors import Refusal
from ivr.hearing.heard import Heard, is_grave
from ivr.hearing.phrases import raises
from ivr.hearing.sentences import Sentence

Paged = Callable[[Sentence, Heard], bool]


class UnreadableProtocols(Refusal):
    """The phrases of the protocols cannot be read; the text names the file and the mend."""


def paged_by(phrases: tuple[str, ...]) -> tuple[Paged, Paged]:
    """Whether a sentence pages at once: said at the first menu, and said where care has begun."""

    def at_the_menu(sentence: Sentence, _heard: Heard) -> bool:
        return raises(sentence.text, phrases)

    def in_care(sentence: Sentence, heard: Heard) -> bool:
        return is_grave(heard) or at_the_menu(sentence, heard)

    return at_the_menu, in_care


def emergent_phrases(folder: Path) -> tuple[str, ...]:
    """The phrases of all protocols in ``folder``, in every language, that raise to an emergency.

    Raises UnreadableProtocols. `sunline check` tells what else may be wrong with a protocol.
    """
    found = tuple(dict.fromkeys(phrase for path in sorted(folder.glob("*.yaml")) for phrase in _phrases(path)))
    if not found:
        raise UnreadableProtocols(f"{folder} holds no protocol with phrases; name the folder of protocols")
    return found


def _phrases(path: Path) -> Iterator[str]:
    try:
        tree: dict[str, Any] = YAML(typ="safe").load(path.read_bytes().decode("utf-8"))
        for entry in (*tree.get("red_flags", ()), *tree.get("questions", ())):
            if entry["raises_to"] == "emergent":
                yield from (str(phrase) for phrases in entry["listen"].values() for phrase in phrases)
    except (OSError, ValueError, YAMLError, AttributeError, KeyError, TypeError) as error:
        raise UnreadableProtocols(f"{path} is no protocol that can be read; run: sunline check") from error
