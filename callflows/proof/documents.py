"""The generated pages about the flows."""

from __future__ import annotations

import inspect
from dataclasses import replace

from callflows.proof import samples
from callflows.proof.diagram import mermaid
from callflows.proof.graph import Report, Subject
from callflows.proof.subjects import caller_subjects, landing_subjects, rung_subjects

PAGE = """# {title}

{what}

Drawn by `sunline flows draw` from every path that exists, as {label} has it. Tries and rounds are folded
together; a hang-up or a takeover may come at any question and is not drawn. Six-sided boxes ask, rounded ones wait,
slanted ones look something up, square ones have an effect, and flags speak. No call logs more than {longest} answers.

```mermaid
{diagram}
```
"""


def drawn() -> tuple[Subject, ...]:
    """What is drawn: each flow once, without the rules, which change no path."""
    usual, label = samples.usual(), "a usual practice"
    known = (*caller_subjects(label, usual), *landing_subjects(label, usual), *rung_subjects(usual))
    return tuple({one.flow: replace(one, monitors=()) for one in reversed(known)}.values())


def page(report: Report) -> str:
    """The page of an explored flow."""
    flow = report.subject.play
    title = report.subject.flow.replace("_", " ").capitalize()
    longest = report.shape.longest if report.shape else 0
    what = inspect.cleandoc(flow.__doc__ or "")
    return PAGE.format(title=title, what=what, label=report.subject.label, longest=longest, diagram=mermaid(report))
