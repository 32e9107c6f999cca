"""The results of the calls: one row each, and a summary of all and of each reason."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path

MET = "met somebody"
COLUMNS = ("number", "reason", "came", "outcome", "wrong", "waited", "talked", "lasted")


@dataclass(slots=True)
class Call:
    """One caller's call. ``outcome``: met somebody, served, abandoned, stranded, endless or still going on."""

    number: int
    reason: str
    came: datetime | None = None
    queued: datetime | None = None
    met: datetime | None = None
    ended: datetime | None = None
    left: str = ""
    ended_well: bool = False
    wrong: set[str] = field(default_factory=set)
    outcome: str = "still going on"

    def conclude(self) -> None:
        """End the call, and set its outcome."""
        if self.left == "endless":
            self.outcome = "endless"
        elif self.met:
            self.outcome = MET
        elif self.left == "abandoned":
            self.outcome = "abandoned"
        else:
            self.outcome = "served" if self.ended_well else "stranded"

    @property
    def stranded(self) -> bool:
        """The caller got nothing, or something that no caller should get."""
        return self.outcome in ("stranded", "endless", "still going on") or bool(self.wrong)

    @property
    def waited(self) -> float | None:
        """Seconds in the queue until somebody came or the caller left; None for those who never queued."""
        return _between(self.queued, self.met or self.ended)

    @property
    def talked(self) -> float | None:
        """Seconds from meeting somebody to the end."""
        return _between(self.met, self.ended)

    @property
    def lasted(self) -> float | None:
        """Seconds from dialling to the end."""
        return _between(self.came, self.ended)

    @staticmethod
    def until(now: datetime, seconds: float) -> datetime:
        """The instant that many seconds later."""
        return now + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of some calls. Waits are seconds in the queue of those who met somebody; levels are shares of those
    who met somebody or gave up.
    """

    reason: str
    offered: int
    answered: int
    served: int
    abandoned: int
    stranded: int
    wait_p50: float
    wait_p90: float
    wait_p99: float
    within_20s: float
    within_30s: float
    talk_mean: float


def summarise(calls: Sequence[Call]) -> list[Summary]:
    """Each reason, in order of its name, and all together at the end."""
    reasons = sorted({call.reason for call in calls})
    each = [_figures(reason, [call for call in calls if call.reason == reason]) for reason in reasons]
    return [*each, _figures("all", calls)]


def _figures(reason: str, calls: Sequence[Call]) -> Summary:
    met = [call for call in calls if call.outcome == MET]
    abandoned = [call for call in calls if call.outcome == "abandoned"]
    waits = sorted(call.waited or 0.0 for call in met)
    wanted = len(met) + len(abandoned)
    talks = [call.talked or 0.0 for call in met]
    return Summary(
        reason=reason, offered=len(calls), answered=len(met), abandoned=len(abandoned),
        served=sum(call.outcome == "served" for call in calls), stranded=sum(call.stranded for call in calls),
        wait_p50=percentile(waits, 0.5), wait_p90=percentile(waits, 0.9), wait_p99=percentile(waits, 0.99),
        within_20s=_share(waits, 20, wanted), within_30s=_share(waits, 30, wanted),
        talk_mean=sum(talks) / len(talks) if talks else 0.0,
    )  # fmt: skip


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that ``share`` of the sorted values do not pass; 0 of none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _share(waits: Sequence[float], limit: float, wanted: int) -> float:
    return sum(wait <= limit for wait in waits) / wanted if wanted else 1.0


def table(summaries: Iterable[Summary]) -> list[str]:
    """The summaries as lines of text."""
    names = [one.name for one in fields(Summary)]
    cells = [[name.replace("_", " ") for name in names], *([_shown(v) for v in asdict(s).values()] for s in summaries)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(names))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in cells]


def _padded(row: list[str], widths: list[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def _shown(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def write_calls(path: Path, calls: Iterable[Call]) -> None:
    """CSV: one row a call."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        for call in calls:
            came = call.came.isoformat() if call.came else ""
            times = ["" if value is None else f"{value:.3f}" for value in (call.waited, call.talked, call.lasted)]
            writer.writerow([call.number, call.reason, came, call.outcome, "; ".join(sorted(call.wrong)), *times])


def write_summary(path: Path, summaries: Iterable[Summary]) -> None:
    """CSV: one row a reason, and all."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [one.name for one in fields(Summary)])
        writer.writeheader()
        writer.writerows(asdict(one) for one in summaries)


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None
