"""Reporting the results of rehearsals, on the terminal and as JUnit XML."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from ivr.core.counting import counted
from rehearsals.running import Failure, Result

MARK = ">>>>>"
NEVER_IN_XML = {code: "�" for code in range(32) if chr(code) not in "\t\n\r"}


def summary(result: Result) -> str:
    """One line: passed or failed, how long the calls took in their own time, and what it was about."""
    word = "passed" if result.passed else "FAILED"
    return f"{word} {result.script.path.name} ({_duration(result.seconds)}): {result.script.title}"


def total(results: Sequence[Result]) -> str:
    """Return the last line: how many passed, how much time of callers they took, and which failed."""
    failed = [result for result in results if not result.passed]
    time = f"{_duration(sum(result.seconds for result in results))} of calls in {sum(r.took for r in results):.1f} s"
    names = [f"\n  FAILED {result.script.path}" for result in failed] if len(results) > 1 else []
    return f"{counted(len(results), 'rehearsal')}, {len(failed)} failed ({time}){''.join(names)}"


def as_row(result: Result) -> dict[str, object]:
    """Return a result for programs: lengths are in seconds, ``seconds`` those of its callers and ``took`` ours."""
    wrong = result.failure
    return {
        "file": str(result.script.path),
        "title": result.script.title,
        "passed": result.passed,
        "expected": wrong.expected if wrong else None,
        "found": wrong.found if wrong else None,
        "seconds": round(result.seconds, 3),
        "took": round(result.took, 3),
    }


def failure(result: Result, options: str = "") -> str:
    """Return the transcript up to the first failure, what was expected, and how to see it again."""
    if result.failure is None:
        return ""
    told = [f"  {line}" for line in result.lines]
    again = f"sunline rehearse {shlex.quote(str(result.script.path))}{options}"
    return "\n".join([*told, f"{MARK} {_where(result, result.failure)}", *_why(result.failure), f"again: {again}"])


def write_junit(path: Path, results: Sequence[Result], options: str = "") -> None:
    """Write the results as JUnit XML, which continuous integration reads: one suite, a case for each rehearsal."""
    failures = sum(not result.passed for result in results)
    counts = {"tests": str(len(results)), "failures": str(failures), "errors": "0", "skipped": "0"}
    took = f"{sum(result.took for result in results):.3f}"
    suite = ElementTree.Element("testsuite", {"name": "rehearsals", "time": took, **counts})
    for result in results:
        _case(suite, result, options)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: ElementTree.Element, result: Result, options: str) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"rehearsals.{result.script.path.stem}",
        name=result.script.title,
        file=str(result.script.path),
        line=str(_line(result)),
        time=f"{result.took:.3f}",
    )
    if result.failure is None:
        ElementTree.SubElement(case, "system-out").text = _fit("\n".join(result.lines))
        return
    said = f"expected {result.failure.expected}; {result.failure.found}"
    wrong = ElementTree.SubElement(case, "failure", message=_fit(said), type="rehearsal")
    wrong.text = _fit(failure(result, options))


def _line(result: Result) -> int:
    """The line of the rehearsal at which it failed; of the include where that was in a snippet."""
    step = result.failure.step if result.failure else None
    if step is None:
        return 1
    return int(step.included_at[0].rpartition(":")[2]) if step.included_at else step.line


def _fit(text: str) -> str:
    return text.translate(NEVER_IN_XML)


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
