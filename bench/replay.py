"""Replaying a conversation over its log, as every webhook does: the longest call there can be, and a usual one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import median
from time import perf_counter

from bench.rows import Baseline, Row, reported, within
from callflows.engine import answers
from callflows.engine.replay import Entry, Run, replay
from callflows.proof import samples
from callflows.proof.explore import explore
from callflows.proof.graph import Edge, Report
from callflows.proof.subjects import caller_subjects
from callflows.vocabulary import Flow
from ivr.core.counting import counted

ANSWERS = 100
LIMIT_MS = 1.0
ROUNDS = 300


def measure(quick: bool = False) -> list[Row]:
    """A call of 100 answers, a call of 20, and what the parts of it cost."""
    call = samples.call(samples.practice(samples.LETTERS if quick else samples.SCHEDULING))
    report = explore(caller_subjects("bench", call)[0])
    log = longest_log(report)[:ANSWERS]
    play = report.subject.play
    return _rows(lambda: play(call), log, 20 if quick else ROUNDS)


def _rows(play: Callable[[], Flow], log: list[Entry], rounds: int) -> list[Row]:
    by_name, by_position = ([answers.write(entry.answer, by_name=form) for entry in log] for form in (True, False))
    long = _median_ms(lambda: replay(play(), log), rounds)
    short = _median_ms(lambda: replay(play(), log[:20]), rounds)
    read = _median_ms(lambda: [answers.read(text) for text in by_name], rounds)
    older = _median_ms(lambda: [answers.read(text) for text in by_position], rounds)
    what = f"a call of {counted(len(log), 'answer')}, replayed"
    return [
        within(what, long, "ms", LIMIT_MS),
        reported(what, long, "ms", Baseline("reading its answers from their text", read)),
        reported("its answers, read by name", read, "ms", Baseline("by position", older)),
        within("answers read by name, then replayed", read + long, "ms", LIMIT_MS),
        reported("the replay, per answer", long / len(log), "ms", Baseline("a call of 20 answers", short / 20)),
    ]


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken) * 1000


def longest_log(report: Report) -> list[Entry]:
    """The log of a longest call of all that were walked."""
    leaving: dict[int | None, list[Edge]] = {}
    for edge in report.edges:
        leaving.setdefault(edge.source, []).append(edge)

    @cache
    def rows_after(state: int | None) -> int:
        return 0 if state is None else max(edge.steps + rows_after(edge.target) for edge in leaving[state])

    run, log = Run(report.subject.play(report.subject.told)).start(), list[Entry]()
    edge = leaving[None][0]
    _follow(report, run, edge, log)
    while edge.target is not None:
        edge = max(leaving[edge.target], key=lambda edge: edge.steps + rows_after(edge.target))
        _follow(report, run, edge, log)
    return log


def _follow(report: Report, run: Run, edge: Edge, log: list[Entry]) -> None:
    """Give the edge's answer, which the start has none of, and to the effects behind it the only answer they have."""
    given = edge.answer
    for _ in range(edge.steps):
        assert run.request is not None
        given = given or report.subject.world.answers_for(run.request)[0]
        log.append(Entry(run.request.key, given))
        run.answer(given)
        given = None
