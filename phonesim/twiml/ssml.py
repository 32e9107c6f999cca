"""SSML inside Say: the text that is spoken, and the seconds its breaks add (Twilio: Say, SSML)."""

import re

from lxml import etree

from phonesim.twiml.rules import SCHEMA, Complain, line_of

ELEMENTS = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"])
STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.75, "x-strong": 1.0}
DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s)")
LONGEST_BREAK = 10.0


def spoken(element: etree._Element, complain: Complain) -> tuple[str, float]:
    """What a voice says for this element, and how long it is silent in between; unknown elements are only reported."""
    if not len(element):
        return " ".join((element.text or "").split()), 0.0
    parts, silence = [element.text or ""], 0.0
    for child in element:
        text, pause = _inside(child, complain)
        parts += (text, child.tail or "")
        silence += pause
    return " ".join("".join(parts).split()), silence


def _inside(child: etree._Element, complain: Complain) -> tuple[str, float]:
    name = str(child.tag)
    if name == "break":
        return " ", _break(child, complain)
    if name == "sub":
        return str(child.get("alias", child.text or "")), 0.0
    if name not in ELEMENTS:
        complain(SCHEMA, f"{name} is not allowed inside Say", line_of(child))
    return spoken(child, complain)


def _break(element: etree._Element, complain: Complain) -> float:
    time = element.get("time")
    if time is None:
        return STRENGTHS.get(str(element.get("strength", "medium")), STRENGTHS["medium"])
    match = DURATION.fullmatch(str(time))
    if match is None:
        complain(SCHEMA, f"break time {time} is neither seconds (2s) nor milliseconds (250ms)", line_of(element))
        return STRENGTHS["medium"]
    return min(LONGEST_BREAK, float(match[1]) / (1000 if match[2] == "ms" else 1))
