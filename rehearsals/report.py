"""Telling what came of rehearsals: on the terminal, and as JUnit XML."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from rehearsals.running import Failure, Result

MARK = ">>>>>"


def summary(result: Result) -> str:
    """One line: passed or failed, how long the calls took in their own time, and what it was about."""
    word = "passed" if result.passed else "FAILED"
    return f"{word} {result.script.path.name} ({_duration(result.seconds)}): {result.script.title}"


def failure(result: Result, options: str = "") -> str:
    """The transcript up to the first wrong thing, what was expected, and how to see it again."""
    if result.failure is None:
        return ""
    told = [f"  {line}" for line in result.lines]
    again = f"sunline rehearse {shlex.quote(str(result.script.path))}{options}"
    return "\n".join([*told, f"{MARK} {_where(result, result.failure)}", *_why(result.failure), f"again: {again}"])


def write_junit(path: Path, results: Sequence[Result]) -> None:
    """Write the results as JUnit XML, which continuous integration reads."""
    failures = sum(not result.passed for result in results)
    suite = ElementTree.Element("testsuite", name="rehearsals", tests=str(len(results)), failures=str(failures))
    for result in results:
        case = ElementTree.SubElement(suite, "testcase", classname=result.script.path.stem, name=result.script.title)
        if result.failure is not None:
            said = f"expected {result.failure.expected}; {result.failure.found}"
            ElementTree.SubElement(case, "failure", message=said).text = failure(result)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _where(result: Result, wrong: Failure) -> str:
    if wrong.step is None:
        return f"{result.script.path}: after the last step"
    via = f" (included at {', '.join(wrong.step.included_at)})" if wrong.step.included_at else ""
    return f"{wrong.step.place}: {wrong.step.text}{via}"


def _why(wrong: Failure) -> tuple[str, str]:
    return f"{' ' * len(MARK)} expected {wrong.expected}", f"{' ' * len(MARK)} but {wrong.found}"


def _duration(seconds: float) -> str:
    minutes = int(seconds) // 60
    return f"{minutes // 60}h {minutes % 60}m" if minutes >= 60 else f"{minutes}m {int(seconds) % 60}s"
