"""A flow as a diagram, drawn from what the explorer walked: https://mermaid.js.org, flowchart syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from callflows.proof.graph import Edge, Report
from callflows.proof.transcript import describe
from callflows.vocabulary import Answer, Ask, Do, Effect, Fact, Interrupted, Known, Request, Say, Wait

MOST_ANSWERS = 4
"""More different answers on one arrow than these are not told apart."""

SHAPES: tuple[tuple[type[Request], str, str], ...] = (
    (Ask, "{{", "}}"),
    (Wait, "([", "])"),
    (Fact, "[/", "/]"),
    (Do, "[", "]"),
    (Say, ">", "]"),
)


def mermaid(report: Report) -> str:
    """The flowchart: one node for each question, effect and speech, repeats and rounds folded together.

    Hang-ups and takeovers may come at any question and are left out.
    """
    nodes: dict[str, str] = {"start": "start((start))"}
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in report.edges:
        if not isinstance(edge.answer, Interrupted):
            _draw(report, edge, nodes, arrows)
    return "\n".join(["flowchart TD", *_indented(nodes.values()), *_indented(_arrows(arrows))])


def place(key: str) -> str:
    """A key without the numbers of tries and rounds."""
    return "/".join(part for part in key.split("/") if not part.isdigit())


def _name(request: Request) -> str:
    # A question and the effect it leads to may share a word.
    return f"{type(request).__name__} {place(request.key)}"


def _label(answer: Answer) -> str:
    if not isinstance(answer, Known):
        return describe(answer)
    return " ".join(answer.value[0]) if answer.value else "nothing"


def _draw(report: Report, edge: Edge, nodes: dict[str, str], arrows: dict[tuple[str, str], list[str]]) -> None:
    here = "start" if edge.source is None else _name(report.states[edge.source].request)
    label = _label(edge.answer) if edge.answer else ""
    for request in edge.made:
        there = _name(request)
        nodes.setdefault(there, _node(request))
        _arrow(arrows, here, there, label)
        here, label = there, ""
    if edge.target is None:
        ending = f"end: {edge.outcome}"
        nodes.setdefault(ending, f'{_id(ending)}((("{edge.outcome}")))')
        _arrow(arrows, here, ending, label)


def _arrow(arrows: dict[tuple[str, str], list[str]], here: str, there: str, label: str) -> None:
    labels = arrows.setdefault((here, there), [])
    if label and label not in labels:
        labels.append(label)


def _arrows(arrows: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    for (here, there), labels in arrows.items():
        label = " or ".join(labels) if len(labels) <= MOST_ANSWERS else f"{', '.join(labels[:2])}, ... ({len(labels)})"
        yield f"{_id(here)} -->{_quoted(label)} {_id(there)}"


def _node(request: Request) -> str:
    opens, closes = next(((left, right) for kind, left, right in SHAPES if isinstance(request, kind)), ("[", "]"))
    return f'{_id(_name(request))}{opens}"{place(request.key)}{_detail(request)}"{closes}'


def _detail(request: Request) -> str:
    if isinstance(request, Do):
        return f"<br/>{_effect(request.effect)}"
    if isinstance(request, Fact):
        return f"<br/>{request.name}"
    return "" if isinstance(request, Ask | Wait | Say) else f"<br/>{type(request).__name__}"


def _effect(effect: Effect) -> str:
    urgency = [str(getattr(effect, part.name)) for part in fields(effect) if part.name == "urgency"]
    return " ".join([type(effect).__name__, *(word for word in urgency if word != "None")])


def _id(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text)


def _quoted(label: str) -> str:
    return f'|"{label.replace(chr(34), chr(39))}"|' if label else ""


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
